using Disa.WebConsole;
using Microsoft.AspNetCore.Http;

namespace Disa.Cli;

/// <summary>The console on the emulator's own port. Nothing of it is built, and nobody hears of commits, before someone opens it.</summary>
internal sealed class EmulatorConsole
{
    /// <summary>Where it is.</summary>
    public const string Path = "/_disa/console/";

    private readonly Lock gate = new();
    private Func<ConsoleSite>? build;
    private ConsoleSite? site;

    /// <summary>From now on its pages read and write through this session.</summary>
    /// <param name="session">The emulator's.</param>
    /// <param name="stackName">The root stack.</param>
    /// <param name="tell">Lets someone hear of commits.</param>
    public void Serve(AwsSession session, string stackName, Action<Action> tell) =>
        build = () =>
        {
            var changes = new PushedChanges(TimeProvider.System);
            tell(changes.Happened);
            return new ConsoleSite(session, stackName, changes);
        };

    /// <summary>Answers a request for the console, or one of a browser for the root, where AWS lists buckets; null for all others.</summary>
    public Task? Answer(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        return path.StartsWith("/_disa/console", StringComparison.Ordinal) || (path == "/" && IsVisit(context.Request))
            ? Site()?.Handle(context)
            : null;
    }

    private static bool IsVisit(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !request.QueryString.HasValue
        && request.Headers.Authorization.Count == 0
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private ConsoleSite? Site()
    {
        lock (gate)
        {
            return site ??= build?.Invoke();
        }
    }
}
