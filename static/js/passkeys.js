// Beside django-allauth's own scripts for passkeys: a button that could do nothing does not show,
// and what goes wrong is said on the page and not in the console.
(() => {
  for (const button of document.querySelectorAll('[data-passkey]')) {
    button.hidden = !window.PublicKeyCredential
  }
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    const trouble = document.querySelector('[data-passkey-trouble]')
    trouble.hidden = false
    trouble.scrollIntoView({ block: 'nearest' })
  })
})()
