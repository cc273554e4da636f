import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';
import { t } from '../languages/languages';

/** Gives GraphiQL's editors names, lines that wrap, and a size of text with which a phone shows a line. */
export function EditorOptions() {
  const { query, variables, response } = useGraphiQL((state) => ({
    query: state.queryEditor,
    variables: state.variableEditor,
    response: state.responseEditor,
  }));
  useEffect(() => {
    const options = { wordWrap: 'on', fontSize: 13, lineHeight: 20 } as const;
    query?.updateOptions({ ...options, ariaLabel: t('explorer.operation') });
    variables?.updateOptions({ ...options, ariaLabel: t('explorer.variables') });
    response?.updateOptions({ ...options, ariaLabel: t('explorer.response') });
  }, [query, variables, response]);
  return null;
}
