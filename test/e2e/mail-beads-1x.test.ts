import { inBeadsOf } from '../rig/in-beads.ts';

await inBeadsOf('1.0.0', 'mail and requests', async () => {
  await import('./mail.test.ts');
  await import('./lifecycle.test.ts');
});
