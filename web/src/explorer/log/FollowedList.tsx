import { t } from '../../languages/languages';
import type { Followed } from './subscriptionLog';

/** The subscriptions that run, each with its state and an end. */
export function FollowedList({
  followed,
  onStop,
}: {
  followed: readonly Followed[];
  onStop: (id: number) => void;
}) {
  return (
    <ul className="followed" aria-label={t('explorer.followed')}>
      {followed.map(({ id, name, variables, state }) => (
        <li key={id} className={state} title={JSON.stringify(variables)}>
          <span className="dot" aria-hidden="true" />
          {name}
          <span className="quiet">{t(`explorer.state.${state}`)}</span>
          <button
            className="button"
            aria-label={t('explorer.stopOne', { name })}
            onClick={() => {
              onStop(id);
            }}
          >
            {t('explorer.stop')}
          </button>
        </li>
      ))}
    </ul>
  );
}
