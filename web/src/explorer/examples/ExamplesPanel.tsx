import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useState } from 'react';
import { t } from '../../languages/languages';
import { tabOf, type Example } from './examples';
import { ExampleButton } from './ExampleButton';
import { EXAMPLES } from './page';

const PHONE = '(max-width: 48rem)';

/** The documentation's examples by its sections; choosing one opens it in a tab. */
export function ExamplesPanel({ ownerId }: { ownerId: string }) {
  const [wanted, setWanted] = useState('');
  const open = useOpen(ownerId);
  const found = EXAMPLES.filter((example) => matches(example, wanted));
  const sections = [...new Set(found.map(({ section }) => section))];
  return (
    <section className="examples stack" aria-labelledby="examples-title">
      <h2 id="examples-title">{t('explorer.examples')}</h2>
      <input
        className="input"
        type="search"
        aria-label={t('explorer.searchExamples')}
        placeholder={t('explorer.searchExamples')}
        value={wanted}
        onChange={({ target }) => {
          setWanted(target.value);
        }}
      />
      <p role="status" className="hidden-text">
        {t('explorer.found', { count: found.length })}
      </p>
      {sections.map((section) => (
        <div key={section}>
          <h3>{section}</h3>
          <ul>
            {found
              .filter((example) => example.section === section)
              .map((example) => (
                <li key={example.name}>
                  <ExampleButton example={example} onOpen={open} />
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** Opens an example in a tab of its own, or shows the tab where it is open already. */
function useOpen(ownerId: string): (example: Example) => void {
  const { tabs, queryEditor, variableEditor } = useGraphiQL((state) => ({
    tabs: state.tabs,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  const actions = useGraphiQLActions();
  return (example) => {
    const { query, variables } = tabOf(example, ownerId);
    const index = tabs.findIndex((tab) => tab.query === query);
    if (index >= 0) actions.changeTab(index);
    else {
      actions.addTab();
      actions.updateActiveTabValues({ query, variables, operationName: example.name });
      queryEditor?.setValue(query);
      variableEditor?.setValue(variables);
    }
    if (matchMedia(PHONE).matches) actions.setVisiblePlugin(null);
  };
}

function matches({ name, section, query }: Example, wanted: string): boolean {
  const text = `${name} ${section} ${query}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
