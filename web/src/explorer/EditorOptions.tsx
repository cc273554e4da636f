import { useGraphiQL, useMonaco } from '@graphiql/react';
import type { editor } from 'monaco-editor';
import { useEffect } from 'react';
import { t } from '../languages/languages';

const NOTHING_OPEN = [
  ...['suggestWidgetVisible', 'findWidgetVisible', 'parameterHintsVisible', 'renameInputVisible'],
  ...['editorHasSelection', 'editorHasMultipleSelections', 'inSnippetMode'],
]
  .map((key) => `!${key}`)
  .join(' && ');

/** Gives GraphiQL's editors names, lines that wrap, and a key to leave them: Tab writes, and Escape closes menus first. */
export function EditorOptions({ onReady }: { onReady: () => void }) {
  const escape = useMonaco((state) => state.monaco?.KeyCode.Escape);
  const { query, variables, response } = useGraphiQL((state) => ({
    query: state.queryEditor,
    variables: state.variableEditor,
    response: state.responseEditor,
  }));
  useEffect(() => {
    if (!escape || !query || !variables || !response) return;
    const undo = [
      prepare(query, t('explorer.operation'), escape),
      prepare(variables, t('explorer.variables'), escape),
      prepare(response, t('explorer.response'), escape),
    ];
    onReady();
    return () => {
      for (const action of undo) action.dispose();
    };
  }, [escape, query, variables, response, onReady]);
  return null;
}

function prepare(editor: editor.IStandaloneCodeEditor, ariaLabel: string, escape: number) {
  editor.updateOptions({ wordWrap: 'on', fontSize: 13, lineHeight: 20, ariaLabel });
  return editor.addAction({
    id: 'leave-editor',
    label: t('explorer.leave'),
    keybindings: [escape],
    precondition: NOTHING_OPEN,
    run: () => {
      editor.getContainerDomNode().focus();
    },
  });
}
