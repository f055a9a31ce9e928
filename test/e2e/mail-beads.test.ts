import { inBeadsOf } from '../rig/in-beads.ts';

await inBeadsOf('0.47.1', 'mail and requests', async () => {
  await import('./mail.test.ts');
  await import('./lifecycle.test.ts');
  await import('./lifecycle-many.test.ts');
});
