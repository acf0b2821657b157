import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ExchangeSyncError } from '../index.js';

/** One field of a request that is not what it can be. */
interface FieldProblem {
  /** `exchange`; empty: the whole. */
  readonly field: string;
  readonly problem: string;
}

interface ValidationError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Instead of Fastify's own, which takes away unknown fields, so that a misspelt one would mean "everything", and
 * turns any value of a body into text. Only query and path, which are text, are converted here.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const validator = Compile(schema);
  return (received: unknown) => {
    const value = httpPart === 'body' ? received : validator.Convert(received);
    if (validator.Check(value)) return { value };
    return { error: requestInvalid(httpPart, validator.Errors(value)) };
  };
};

function requestInvalid(part: string, errors: readonly ValidationError[]): ExchangeSyncError {
  const problems = errors.flatMap(problemsOf);
  const sentences = problems.map(({ field, problem }) => `${field || `The ${part}`} ${problem}.`);
  return new ExchangeSyncError('REQUEST_INVALID', sentences.join(' '), { details: { part, problems } });
}

function problemsOf({ keyword, instancePath, message, params }: ValidationError): readonly FieldProblem[] {
  const path = instancePath.slice(1).replaceAll('/', '.');
  const below = (names: unknown, problem: string) =>
    (names as string[]).map((name) => ({ field: path ? `${path}.${name}` : name, problem }));
  switch (keyword) {
    case 'required':
      return below(params.requiredProperties, 'is required');
    case 'additionalProperties':
      return below(params.additionalProperties, 'is not a field of this request');
    case 'boolean':
      // Comes along with an additional property, and says less.
      return [];
    case 'enum':
      return [{ field: path, problem: `must be one of: ${(params.allowedValues as string[]).join(', ')}` }];
    default:
      return [{ field: path, problem: message }];
  }
}
