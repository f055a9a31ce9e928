import { underCron } from './under-cron.ts';
import { underSystemd } from './under-systemd.ts';

// In one file, so that the one waits for its minutes while the other does.
underCron();
underSystemd();
