// Light or dark as chosen here before, else as the system has it; set before anything is painted.
(() => {
  const key = 'akkalb-theme', root = document.documentElement;
  const apply = theme => theme ? root.setAttribute('data-theme', theme) : root.removeAttribute('data-theme');
  try { apply(localStorage.getItem(key)); } catch { /* storage is off: the system's */ }
  document.addEventListener('click', event => {
    if (!event.target.closest?.('[data-theme-switch]')) return;
    const dark = root.getAttribute('data-theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    const next = dark === 'dark' ? 'light' : 'dark';
    apply(next);
    try { localStorage.setItem(key, next); } catch { /* kept until the page is closed */ }
  });
  // Blazor patches the page it has; attributes of the root element are ours.
  new MutationObserver(() => {
    try { const kept = localStorage.getItem(key); if (kept && root.getAttribute('data-theme') !== kept) apply(kept); } catch { }
  }).observe(root, { attributes: true, attributeFilter: ['data-theme'] });
})();
