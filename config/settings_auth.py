"""Settings of Django and django-allauth for sign-up and sign-in.

What the owner decides in the admin (who may sign up, who needs a second factor) is a row of
``accounts.models.signup.SignupSettings``; accounts/auth/adapter.py applies it to django-allauth.
"""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_RULES = "accounts.auth.wording"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_RULES}.UnlikeTheAccount"},
    {"NAME": f"{_RULES}.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_RULES}.Uncommon"},
    {"NAME": f"{_RULES}.NotOnlyDigits"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.auth.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    name: f"accounts.auth.forms.{form}Form"
    for name, form in {
        "login": "Login",
        "signup": "Signup",
        "reset_password": "ResetPassword",
        "reset_password_from_key": "ResetPasswordKey",
        "change_password": "ChangePassword",
        "add_email": "AddEmail",
        "reauthenticate": "Reauthenticate",
        "request_login_code": "RequestLoginCode",
        "confirm_login_code": "ConfirmLoginCode",
    }.items()
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
# No form reveals who has an account here.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# One address per account; accounts/auth/email_change.py replaces it.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Changes of the password, the address or a second factor are mailed to the previous address.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Instead of some of django-allauth's own limits. A key is an account or an address; it comes first,
# so that tries for one that has none left do not use up those of its network.
ACCOUNT_RATE_LIMITS = {
    # Few mails a day to people who did not ask for them.
    "confirm_email": "1/180s/key,3/d/key",
    "reset_password": "5/m/key,20/m/ip",
    "request_login_code": "3/m/key,20/m/ip",
    # Wrong codes of a second factor; accounts/auth/guesses.py counts wrong passwords.
    "login_failed": "5/300s/key",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Mails may be slow; three wrong codes end the attempt anyway.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds

MFA_ADAPTER = "accounts.auth.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Everyone who is signed in has a verified address; an unverified one beside it is no obstacle.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    name: f"accounts.auth.second_factor_forms.{form}Form"
    for name, form in {
        "authenticate": "Authenticate",
        "reauthenticate": "ReauthenticateByCode",
        "activate_totp": "ActivateTOTP",
        "add_webauthn": "AddPasskey",
        "edit_webauthn": "RenamePasskey",
        "login_webauthn": "SignInByPasskey",
    }.items()
}
