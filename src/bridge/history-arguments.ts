import { parsePastRange, parseStart } from '../config/history-moments.js';
import { didYouMean } from '../config/near-matches.js';
import type { Settings } from '../config/settings.js';
import type { BackfillOptions, RepairOptions } from '../domain/backfill-report.js';
import type { CoverageFilter } from '../domain/coverage-view.js';
import { HISTORY_DATA_TYPES, type HistoryDataType } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { BackfillWork, RepairWork } from '../domain/history-work.js';
import { parseOptionalTarget } from './trigger-arguments.js';

/* What `backfill`, `repair` and `coverage` are given, checked before a worker is asked. */

export function parseBackfill(options: BackfillOptions, settings: Settings, nowMs: number): BackfillWork {
  const { target, dataType, from, allSymbols = false } = options;
  return {
    ...parseOptionalTarget(target, settings),
    ...(dataType !== undefined && { dataType: parseHistoryDataType(dataType) }),
    ...(from !== undefined && { fromMs: parseStart('from', from, nowMs) }),
    allSymbols,
  };
}

export function parseRepair(options: RepairOptions, settings: Settings, nowMs: number): RepairWork {
  const { target, dataType, from, to } = options;
  return {
    ...parseOptionalTarget(target, settings),
    ...(dataType !== undefined && { dataType: parseHistoryDataType(dataType) }),
    range: parsePastRange(from, to, nowMs),
  };
}

export function parseCoverageFilter(filter: CoverageFilter): CoverageFilter {
  const { dataType, ...account } = filter;
  return dataType === undefined ? account : { ...account, dataType: parseHistoryDataType(dataType) };
}

function parseHistoryDataType(value: unknown): HistoryDataType {
  const cleaned = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const found = HISTORY_DATA_TYPES.find((known) => known === cleaned);
  if (found !== undefined) return found;
  throw new ExchangeSyncError(
    'DATA_TYPE_UNKNOWN',
    `${JSON.stringify(value)} is not a data type that has a history${didYouMean(cleaned, HISTORY_DATA_TYPES)}. ` +
      `Give one of: ${HISTORY_DATA_TYPES.join(', ')}.`,
    { details: { dataType: value, known: HISTORY_DATA_TYPES } },
  );
}
