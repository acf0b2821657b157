declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  const copyStreams: {
    to(sql: string): Readable & Submittable;
    from(sql: string): Writable & Submittable;
  };
  export default copyStreams;
}
