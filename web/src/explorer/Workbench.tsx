import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useCallback, useState } from 'react';
import type { Session } from '../session/session';
import { EditorOptions } from './EditorOptions';
import { ExamplesIcon } from './examples/ExamplesIcon';
import { ExamplesPanel } from './examples/ExamplesPanel';
import { firstTabs } from './examples/page';
import { fetcherOf } from './fetcher';
import './graphiql.css';
import { t } from '../languages/languages';
import { PushLog } from './log/PushLog';
import { SubscriptionLog } from './log/subscriptionLog';
import { useTheme } from './useTheme';
import './workers';

const VISIBLE_PLUGIN = 'graphiql:visiblePlugin';

/** GraphiQL, with the documentation's examples beside it and the push log below. */
export default function Workbench({ session }: { session: Session }) {
  const [{ log, fetcher, tabs, examples, plugins, shown }] = useState(() => toolsOf(session));
  const [ready, setReady] = useState(false);
  const onReady = useCallback(() => setReady(true), []);
  const theme = useTheme();
  return (
    // GraphiQL loses the tab that is chosen before it has its editors.
    <div className="workbench" inert={!ready} aria-busy={!ready}>
      <GraphiQL
        fetcher={fetcher}
        defaultTabs={tabs}
        defaultEditorToolsVisibility="variables"
        plugins={plugins}
        {...(shown ? { visiblePlugin: examples } : {})}
        forcedTheme={theme}
        isHeadersEditorEnabled={false}
        showPersistHeadersSettings={false}
      >
        <GraphiQL.Logo> </GraphiQL.Logo>
        <EditorOptions onReady={onReady} />
      </GraphiQL>
      <PushLog log={log} />
    </div>
  );
}

function toolsOf(session: Session) {
  const { ownerId } = session.viewer;
  const log = new SubscriptionLog(session);
  const examples = {
    title: t('explorer.examples'),
    icon: ExamplesIcon,
    content: () => <ExamplesPanel ownerId={ownerId} />,
  };
  return {
    log,
    fetcher: fetcherOf(session, log),
    tabs: firstTabs(ownerId),
    examples,
    plugins: [examples, HISTORY_PLUGIN],
    shown: localStorage.getItem(VISIBLE_PLUGIN) === null && innerWidth >= 1_000,
  };
}
