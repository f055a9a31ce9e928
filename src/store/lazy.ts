import type { Store } from './port.ts';

/** A store whose code is loaded when it is first asked for something. */
export function lazyStore(load: () => Promise<Store>): Store {
  let loading: Promise<Store> | null = null;
  const store = () => {
    loading ??= load();
    return loading;
  };
  return {
    overview: async () => (await store()).overview(),
    mail: {
      send: async (draft) => (await store()).mail.send(draft),
      inbox: async (mailbox) => (await store()).mail.inbox(mailbox),
      count: async (mailbox) => (await store()).mail.count(mailbox),
      find: async (id) => (await store()).mail.find(id),
      thread: async (thread) => (await store()).mail.thread(thread),
      history: async (mailbox, limit) => (await store()).mail.history(mailbox, limit),
      settle: async (id, settlement) => (await store()).mail.settle(id, settlement),
      claim: async (id, by) => (await store()).mail.claim(id, by),
      settleClaimed: async (id, settlement) => (await store()).mail.settleClaimed(id, settlement),
      release: async (id) => (await store()).mail.release(id),
      claimed: async () => (await store()).mail.claimed(),
    },
    agents: {
      list: async () => (await store()).agents.list(),
      get: async (agent) => (await store()).agents.get(agent),
      put: async (record) => (await store()).agents.put(record),
    },
    work: {
      create: async (draft) => (await store()).work.create(draft),
      get: async (id) => (await store()).work.get(id),
      list: async () => (await store()).work.list(),
      hooked: async () => (await store()).work.hooked(),
      hook: async (id, agent) => (await store()).work.hook(id, agent),
      unhook: async (id) => (await store()).work.unhook(id),
      close: async (id, by, reason) => (await store()).work.close(id, by, reason),
    },
  };
}
