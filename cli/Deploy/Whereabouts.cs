using Spectre.Console;

namespace Disa.Cli.Deploy;

/// <summary>Which account, Region and endpoint are about to be touched, said before anything else.</summary>
/// <param name="Endpoint">Null for AWS itself.</param>
internal sealed record Whereabouts(string Account, string Region, string? Endpoint, string Identity)
{
    public static async Task<Whereabouts> Of(AwsSession session, CancellationToken cancellation)
    {
        var caller = await session.Sts.GetCallerIdentityAsync(new(), cancellation).ConfigureAwait(false);
        return new(caller.Account, session.Target.Region, session.Target.Endpoint?.GetLeftPart(UriPartial.Authority), caller.Arn);
    }

    public void Say() => Terminal.Remark(Endpoint is null
        ? $"[bold white on red] AWS [/] account [bold]{Markup.Escape(Account)}[/], Region [bold]{Markup.Escape(Region)}[/], as {Markup.Escape(Identity)}"
        : $"[bold black on green] not AWS [/] {Markup.Escape(Endpoint)} (account {Markup.Escape(Account)}, Region {Markup.Escape(Region)}); AWS itself is --profile, AWS_PROFILE or DISA_TARGET=aws");
}
