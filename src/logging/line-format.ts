import type { LogLevel, LogRecord } from './logger.js';

const COLOURS: Readonly<Record<LogLevel, string>> = {
  DEBUG: '90',
  INFO: '32',
  WARNING: '33',
  ERROR: '31',
  CRITICAL: '1;31',
};

/** `2026-01-31T12:00:00.000Z WARNING [run 8f…] sentence key=value …`: one line, whatever the fields hold. */
export function formatLine({ level, message, fields, timestampMs }: LogRecord, coloured = false): string {
  const { runId, ...rest } = fields;
  const name = level.padEnd(8);
  const parts = [
    new Date(timestampMs).toISOString(),
    coloured ? `\u001b[${COLOURS[level]}m${name}\u001b[0m` : name,
    `[${runId === undefined ? '-' : String(runId)}]`,
    oneLine(message),
    ...Object.entries(rest).flatMap(([key, value]) =>
      value === undefined ? [] : [`${oneLine(key)}=${printed(value)}`],
    ),
  ];
  return parts.join(' ');
}

function printed(value: unknown): string {
  const plain = typeof value === 'string' && /^[^\s"=]+$/.test(value);
  return oneLine(plain ? value : (JSON.stringify(value) ?? String(value)));
}

/** Line breaks and escape sequences in what an exchange answered must not forge lines or colours. */
function oneLine(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
