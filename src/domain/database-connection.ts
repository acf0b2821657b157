/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

/** How other programs reach the database. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly schema: string;
  readonly tls: 'disable' | 'require' | 'verify-full';
  /** It comes with the package, and runs only while some process uses it. */
  readonly embedded: boolean;
}
