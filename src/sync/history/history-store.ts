import type { HistoryDataType } from '../../domain/data-type.js';
import type { HistoryRecords } from '../../domain/history-records.js';
import type { CoverageRepository } from '../../storage/coverage-repository.js';
import type { Queryable } from '../../storage/database.js';
import type { HistoryRepository } from '../../storage/history-repository.js';
import type { RereadRepository } from '../../storage/reread-repository.js';
import type { ScopeRepository } from '../../storage/scope-repository.js';
import type { SetAsideRepository } from '../../storage/set-aside-repository.js';
import type { SyncStatusRepository } from '../../storage/sync-status-repository.js';

/** Where one kind of history is kept, and what is known of it. */
export interface HistoryStore<Type extends HistoryDataType> {
  readonly database: Queryable;
  readonly rows: Pick<HistoryRepository<HistoryRecords[Type]>, 'add' | 'nonFinal'>;
  readonly coverage: Pick<CoverageRepository, 'list' | 'cover' | 'lose' | 'forget'>;
  readonly rereads: Pick<RereadRepository, 'list' | 'request' | 'done'>;
  readonly setAside: Pick<SetAsideRepository, 'record' | 'clear' | 'ranges'>;
  readonly scopes: Pick<ScopeRepository, 'list'>;
  readonly status: Pick<SyncStatusRepository, 'historyFrom'>;
}
