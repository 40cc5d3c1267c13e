import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface SheetProps {
  readonly title: string;
  readonly about?: string;
  readonly urgent?: boolean;
  readonly onClose?: () => void;
  readonly children: ComponentChildren;
}

/** A question over the screen. The browser's own modal dialog keeps the focus inside and the rest out of reach. */
export function Sheet({ title, about, urgent = false, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      role={urgent ? 'alertdialog' : 'dialog'}
      aria-labelledby="sheet-title"
      aria-describedby={about === undefined ? undefined : 'sheet-about'}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => event.target === dialog.current && onClose?.()}
    >
      <div class="sheet-body">
        <h2 id="sheet-title">{title}</h2>
        {about !== undefined && <p id="sheet-about">{about}</p>}
        {children}
      </div>
    </dialog>
  );
}
