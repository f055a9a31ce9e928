import { inBeadsOf } from '../rig/in-beads.ts';

await inBeadsOf('0.47.1', 'recovery', async () => {
  await import('./recovery.test.ts');
  await import('./kept-alive.test.ts');
});
