namespace Disa.Cli.Deploy;

/// <summary>Which account, Region and endpoint are about to be touched, said before anything else.</summary>
/// <param name="Endpoint">Null for AWS itself.</param>
internal sealed record TargetIdentity(string Account, string Region, string? Endpoint, string Identity)
{
    public static async Task<TargetIdentity> Of(AwsSession session, CancellationToken cancellation)
    {
        var caller = await Terminal
            .Progress($"Asking {session.Target.Describe()}", _ => session.Sts.GetCallerIdentityAsync(new(), cancellation))
            .ConfigureAwait(false);
        if (caller.Account is not { Length: > 0 })
        {
            throw UnreachableException.Stranger(session.Target.Describe());
        }

        return new(caller.Account, session.Target.Region, session.Target.Endpoint?.GetLeftPart(UriPartial.Authority), caller.Arn);
    }

    public void Say() =>
        Terminal.Remark(
            Endpoint is null
                ? (Styled)$"[bold white on red] AWS [/] account [bold]{Account}[/], Region [bold]{Region}[/], as {Identity}"
                : (Styled)
                    $"[bold black on green] not AWS [/] {Endpoint} (account {Account}, Region {Region}); AWS itself is --profile, AWS_PROFILE or DISA_TARGET=aws"
        );
}
