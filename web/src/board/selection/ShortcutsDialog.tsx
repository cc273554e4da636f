import { Dialog } from '../../interface/Dialog';
import { t, type TextKey } from '../../languages/languages';
import './ShortcutsDialog.css';

type Shortcut = readonly [keys: readonly string[], text: TextKey];

const SECTIONS: readonly (readonly [title: TextKey, shortcuts: readonly Shortcut[]])[] = [
  [
    'shortcuts.tasks',
    [
      [['n', 'q'], 'shortcuts.add'],
      [['↑', '↓'], 'shortcuts.go'],
      [['Enter'], 'shortcuts.open'],
      [['e'], 'shortcuts.complete'],
      [['1', '2', '3'], 'shortcuts.status'],
      [['Delete'], 'shortcuts.delete'],
    ],
  ],
  [
    'shortcuts.selecting',
    [
      [['x', 'Space'], 'shortcuts.select'],
      [['Shift + ↑', 'Shift + ↓'], 'shortcuts.extend'],
      [['Ctrl + A'], 'shortcuts.all'],
      [['Esc'], 'shortcuts.end'],
    ],
  ],
  [
    'shortcuts.moving',
    [
      [['Alt + ↑', 'Alt + ↓'], 'shortcuts.order'],
      [['Alt + ←', 'Alt + →'], 'shortcuts.column'],
      [['Alt + ←', 'Alt + →', 'Alt + ↑', 'Alt + ↓'], 'shortcuts.moveDay'],
    ],
  ],
  [
    'shortcuts.calendar',
    [
      [['←', '→', '↑', '↓'], 'shortcuts.day'],
      [['PageUp', 'PageDown'], 'shortcuts.month'],
      [['Enter'], 'shortcuts.dayTasks'],
    ],
  ],
];

/** All keyboard shortcuts of the board. */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      {SECTIONS.map(([title, shortcuts]) => (
        <section key={title} className="shortcuts">
          <h3>{t(title)}</h3>
          <dl>
            {shortcuts.map(([keys, text]) => (
              <div key={text}>
                <dt>{t(text)}</dt>
                <dd>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <button className="button" onClick={onClose}>
        {t('panel.close')}
      </button>
    </Dialog>
  );
}
