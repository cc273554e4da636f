/** The operations of the API. */
const TASK = `fragment TaskFields on Task {
  id ownerId parentId version title description status priority labels dueAt dueOn timeZone remindBefore remindAt overdue completedLate
  createdAt updatedAt completedAt deletedAt recurrence { rrule afterCompletion }
  processing { state error } progress { total completed } rank listId sectionId }`;
export const CHANGES = `query Changes($ownerId: ID, $since: String) { changes(ownerId: $ownerId, since: $since) {
  nodes { nodeId version deleted node { __typename ...TaskFields ... on Notification { id taskId at sentAt title }
    ... on TaskList { id version name color rank archivedAt sections { id name } } } }
  cursor hasMore fullSyncRequired } } ${TASK}`;
export const FOLLOW = `subscription Follow($ownerId: ID!) { onTaskEvent(ownerId: $ownerId) { type task { ...TaskFields } } } ${TASK}`;
export const mutation = (name: string): string => `mutation Change($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) {
  ${name}(input: $input) { task { ...TaskFields } errors { code message field } } } ${TASK}`;
