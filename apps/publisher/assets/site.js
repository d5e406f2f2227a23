// The story page's only script: passing a story on. Without it the address and the links to networks are there all the same.
'use strict';
{
  const sheet = document.querySelector('[data-share]');
  const copy = document.querySelector('[data-copy]');
  const field = document.getElementById('permalink');

  // A share sheet is there on phones and some desktops, and only where the page came over HTTPS.
  if (sheet && navigator.share) {
    sheet.hidden = false;
    sheet.addEventListener('click', () => {
      navigator.share({ title: sheet.dataset.title, url: field.value }).catch(() => {});
    });
  }

  if (copy && field) {
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand('copy');
      }
      // Not the button's own text: that would be read to nobody.
      document.querySelector('[role="status"][data-copied]').textContent = copy.dataset.copied;
    });
  }
}
