/** The examples of docs/reference/graphql-api.md, which a test executes; here each can be opened in a tab. */
import { Kind, OperationTypeNode, parse, visit, type ASTNode, type OperationDefinitionNode } from 'graphql';

export interface Example {
  readonly name: string;
  readonly kind: OperationTypeNode;
  /** The page's heading that it stands under. */
  readonly section: string;
  readonly query: string;
}

/** What a tab holds. */
export interface Tab {
  readonly query: string;
  readonly variables: string;
}

/** Whose ids the page names. */
const OWNER = 'guest';
const VARIABLE = '$ownerId';
const HEADING_OR_EXAMPLE = /^#{2,3} (?<heading>.+)$|^```graphql\n(?<query>[\s\S]*?)^```$/gm;

/** The page's examples, in its order. */
export function examplesOf(page: string): readonly Example[] {
  let section = '';
  const examples: Example[] = [];
  for (const { groups } of page.matchAll(HEADING_OR_EXAMPLE)) {
    section = groups?.heading ?? section;
    if (groups?.query) examples.push(exampleOf(groups.query.trimEnd(), section));
  }
  return examples;
}

function exampleOf(query: string, section: string): Example {
  const { name, operation } = operationOf(query);
  return { name: name?.value ?? query, kind: operation, section, query };
}

function operationOf(query: string): OperationDefinitionNode {
  const { definitions } = parse(query);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error(`No operation: ${query}`);
  return operation;
}

/** An example for a caller: their id as the variable `ownerId`, and in the ids of what is theirs. */
export function tabOf({ query }: Example, ownerId: string): Tab {
  const edits: Edit[] = [];
  visit(parse(query), {
    StringValue({ value, loc }, _key, parent) {
      if (!loc) return;
      const argument = nameOf(parent);
      const [type, owner, ...rest] = value.split(':');
      if (value === OWNER && argument === 'ownerId')
        edits.push({ start: loc.start, end: loc.end, text: VARIABLE });
      else if (owner === OWNER)
        edits.push({
          start: loc.start,
          end: loc.end,
          text: JSON.stringify([type, ownerId, ...rest].join(':')),
        });
    },
  });
  if (!edits.some(({ text }) => text === VARIABLE)) return { query: edited(query, edits), variables: '' };
  const { name } = operationOf(query);
  const declaration = { start: name!.loc!.end, end: name!.loc!.end, text: `(${VARIABLE}: ID!)` };
  return { query: edited(query, [...edits, declaration]), variables: JSON.stringify({ ownerId }, null, 2) };
}

/** The name of an argument or a field of an input, whose value a node is. */
export function nameOf(parent: ASTNode | readonly ASTNode[] | undefined): string | undefined {
  const isNamed =
    parent && 'kind' in parent && (parent.kind === Kind.ARGUMENT || parent.kind === Kind.OBJECT_FIELD);
  return isNamed ? parent.name.value : undefined;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with its edits made, which do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((one, other) => other.start - one.start)
    .reduce((done, { start, end, text: put }) => done.slice(0, start) + put + done.slice(end), text);
}
