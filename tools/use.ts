// What an app does with the client preset: the answer is typed by the document.
import type { ResultOf } from '@graphql-typed-document-node/core';
import type { Scalars, Task } from '../.build/tools/codegen/types';
import type { CreateDocument } from '../.build/tools/codegen/client/graphql';

export const dueAt = (task: Task): Scalars['AWSDateTime']['output'] | null | undefined => task.dueAt;
export const created = (answer: ResultOf<typeof CreateDocument>): string | null | undefined =>
  answer.createTask.task?.dueAt;
