// Complements django-allauth's passkey scripts: hides buttons that cannot work, and shows errors on
// the page instead of in the console.
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
