import {
  CreateTaskListDocument,
  DeleteTaskListDocument,
  UndoDocument,
  UpdateTaskListDocument,
  type CreateTaskListInput,
  type TasksOfDeletedList,
  type UpdateTaskListInput,
} from '../../../api/operations';
import { request } from '../../../api/request';
import type { TextKey } from '../../../languages/languages';
import { useSession, useStore } from '../../store/context';

/** What the API did not take, in its words; null if it did. */
export type Problem = string | null;

interface Payload {
  readonly undo: string | null;
  readonly errors: readonly { readonly message: string }[];
}

interface ListChanges {
  readonly create: (input: CreateTaskListInput) => Promise<{ id: string | null; problem: Problem }>;
  readonly update: (input: UpdateTaskListInput, text: TextKey, name: string) => Promise<Problem>;
  readonly remove: (
    list: { id: string; name: string },
    tasks: TasksOfDeletedList,
    moveToListId: string | null,
  ) => Promise<Problem>;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Changes of lists: requests, each repeatable under the id that is made for it, and undone by the API's token. */
export function useListChanges(): ListChanges {
  const session = useSession();
  const store = useStore();

  const undo = async (tokens: readonly string[]): Promise<void> => {
    try {
      for (const token of tokens) {
        const input = { tokens: [token], clientMutationId: crypto.randomUUID() };
        const answer = await request(session, UndoDocument, { input });
        const [error] = answer.undo.flatMap(({ errors }) => errors);
        if (error) throw new Error(error.message);
      }
      store.forgetDone();
    } catch (error) {
      store.say('lists.notUndone', { reason: messageOf(error) });
    }
    store.refresh();
  };

  /** Tell what was done, and let the sync client fetch it. */
  const tell = (text: TextKey, name: string, tokens: readonly string[]): void => {
    store.refresh();
    const takeBack = (): void => void undo(tokens.toReversed());
    store.say(text, { name }, tokens.length ? takeBack : null);
  };

  const attempt = async (send: () => Promise<Problem>): Promise<Problem> => {
    try {
      return await send();
    } catch (error) {
      return messageOf(error);
    } finally {
      store.refresh(); // also what another device did to the list
    }
  };

  return {
    create: async (input) => {
      let id: string | null = null;
      const problem = await attempt(async () => {
        const variables = { input: { ...input, clientMutationId: crypto.randomUUID() } };
        const { createTaskList: made } = await request(session, CreateTaskListDocument, variables);
        id = made.taskList?.id ?? null;
        if (!made.errors.length) tell('lists.created', input.name, tokensOf(made));
        return problemOf(made);
      });
      return { id, problem };
    },
    update: (input, text, name) =>
      attempt(async () => {
        const variables = { input: { ...input, clientMutationId: crypto.randomUUID() } };
        const { updateTaskList: changed } = await request(session, UpdateTaskListDocument, variables);
        if (!changed.errors.length) tell(text, name, tokensOf(changed));
        return problemOf(changed);
      }),
    remove: (list, tasks, moveToListId) =>
      attempt(async () => {
        const tokens: string[] = [];
        for (let hasMore = true; hasMore;) {
          const input = { id: list.id, tasks, moveToListId, clientMutationId: crypto.randomUUID() };
          const { deleteTaskList: deleted } = await request(session, DeleteTaskListDocument, { input });
          if (deleted.errors.length) return problemOf(deleted);
          tokens.push(...tokensOf(deleted));
          hasMore = deleted.hasMore;
        }
        tell('lists.deleted', list.name, tokens);
        return null;
      }),
  };
}

const tokensOf = ({ undo }: Payload): string[] => (undo ? [undo] : []);

const problemOf = ({ errors }: Payload): Problem =>
  errors.length ? errors.map(({ message }) => message).join(' ') : null;
