using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record GetSessionTokenRequest(int? DurationSeconds);

internal sealed record GetSessionTokenResponse(SessionCredentials Credentials);

/// <summary>Temporary credentials for whoever asks, as that principal.</summary>
internal sealed class GetSessionToken(RoleCredentials credentials)
{
    public async Task<GetSessionTokenResponse> Run(GetSessionTokenRequest request, Caller caller, CancellationToken cancellation)
    {
        if (caller.RoleName is not null)
        {
            throw new AwsException("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
        }

        // AWS: 900 s to 36 h, 12 h when not said; an account's root user gets an hour at most.
        var root = caller.IsRoot;
        var seconds = Durations.Checked(request.DurationSeconds ?? (root ? 3600 : 43200), 129600);
        return new(
            await credentials
                .Issue(caller.Account, caller.Arn, caller.UserId, TimeSpan.FromSeconds(root ? Math.Min(seconds, 3600) : seconds))
                .ConfigureAwait(false)
        );
    }
}

/// <summary>How long sessions may last.</summary>
internal static class Durations
{
    public static int Checked(int seconds, int most) =>
        seconds < 900 || seconds > most
            ? throw IamErrors.Invalid(
                $"1 validation error detected: Value '{seconds.ToString(CultureInfo.InvariantCulture)}' at 'durationSeconds' failed to satisfy constraint: Member must have value "
                    + (seconds < 900 ? "greater than or equal to 900" : $"less than or equal to {most}")
            )
            : seconds;
}
