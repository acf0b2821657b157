/** A statement's rows and how many rows it touched. */
export interface QueryResult<Row> {
  readonly rows: readonly Row[];
  readonly rowCount: number;
}

/** Anything that runs a statement; NUMERIC and BIGINT come back as strings, TIMESTAMPTZ as Date. */
export interface Queryable {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** An open transaction. Only Database makes them, so that a write outside of one does not compile. */
export interface Transaction extends Queryable {
  readonly inTransaction: true;
}
