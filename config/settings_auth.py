"""How people sign up and sign in: settings of Django and of django-allauth, one place for both.

What the owner decides in the admin (who may make an account, who needs a second factor) is a row,
``accounts.models.signup.SignupSettings``; accounts/auth/adapter.py tells django-allauth of it.
"""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
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
# Nobody learns from any form who has an account here.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# One address each; how another takes its place: accounts/auth/email_change.py.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A change of the password, the address or a second factor is told to the address there was before.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Beside the limits that django-allauth has: few mails a day for whoever did not ask for them.
ACCOUNT_RATE_LIMITS = {"confirm_email": "1/180s/key,3/d/key"}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# A mail takes its time; and three wrong codes end it.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds

MFA_ADAPTER = "accounts.auth.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Whoever is signed in has a proved address; that another waits beside it is no obstacle.
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
