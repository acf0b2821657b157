import type { MirrorRepository } from '../storage/mirror-repository.js';

/** What a strategy needs of the repository that mirrors its records. */
export type MirrorTable<Key, Row extends Key> = Pick<
  MirrorRepository<Row, Key>,
  'present' | 'upsert' | 'markAbsent'
>;
