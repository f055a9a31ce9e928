import { inBeadsOf } from '../rig/in-beads.ts';

await inBeadsOf('1.0.0', 'recovery', async () => {
  await import('./recovery.test.ts');
  await import('./kept-alive.test.ts');
});
