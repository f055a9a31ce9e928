import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnv } from '../rig/clean-env.ts';
import type { Order, Reply } from './child.ts';

export interface Contender {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Null: it ended before it could reply. */
  order(order: Order): Promise<Reply | null>;
  /** Kills it with this signal and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export async function contender(script: string): Promise<Contender> {
  const child = fork(script, {
    env: cleanEnv(),
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  const { pid } = child;
  if (pid === undefined) throw new Error('the contender did not start');
  const gone = once(child, 'exit');
  return {
    pid,
    process: child,
    order: (order) =>
      new Promise((resolve) => {
        const ended = (): void => resolve(null);
        child.once('exit', ended);
        child.once('message', (reply: Reply) => {
          child.off('exit', ended);
          resolve(reply);
        });
        child.send(order, (error) => {
          if (error) resolve(null);
        });
      }),
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await gone;
      }
    },
  };
}
