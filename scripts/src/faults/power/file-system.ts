import { spawnSync } from 'node:child_process';

/** e2fsck: 0 clean, 1 mended, which a journalled file system is after a cut. */
const MENDED = 1;

/**
 * Mends an ext4 image as a machine with fsck.repair=yes does before it mounts: a cut may tear the superblock between its two
 * sectors, and then nothing mounts it before. Answers why that cannot be done; undefined where it can.
 */
export function mend(image: string, how: '-y' | '-fy' = '-y'): string | undefined {
  const { status, stdout } = spawnSync('e2fsck', [how, image], { encoding: 'utf8' });
  return status === null || status > MENDED ? `e2fsck: ${stdout}` : undefined;
}
