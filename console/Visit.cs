using Microsoft.Extensions.Primitives;

namespace Disa.WebConsole;

/// <summary>One request for a page, and what it needs to be answered.</summary>
internal sealed class Visit
{
    public required ConsoleSite Site { get; init; }

    public required AwsSession Session { get; init; }

    public required Deployment Deployment { get; init; }

    /// <summary>The time where the messages are.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the target is the emulator, with a clock, a mailbox and a count of what was used.</summary>
    public required bool IsEmulator { get; init; }

    public required IReadOnlyDictionary<string, StringValues> Query { get; init; }

    /// <summary>Of a POST, its fields.</summary>
    public IReadOnlyDictionary<string, StringValues> Form { get; init; } = new Dictionary<string, StringValues>();

    public required string Token { get; init; }

    public required CancellationToken Cancellation { get; init; }

    /// <summary>A parameter of the address; null where it is missing or empty.</summary>
    public string? QueryValue(string name) => Query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A field of the form; null where it is missing or empty.</summary>
    public string? FormValue(string name) => Form.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <exception cref="UsageException">The field is missing.</exception>
    public string RequiredFormValue(string name) => FormValue(name) ?? throw new UsageException($"the form lacks '{name}'.");

    /// <summary>The address of the page after an action, with a sentence that it shows.</summary>
    public string Back(string note, string page, params IEnumerable<(string Name, string? Value)> parameters) => Links.To(page, parameters.Append(("note", Site.FlashMessages.Keep(note))));

    /// <summary>The command that does that here, with a button that copies it; none on AWS, where nobody knows the reader's profile.</summary>
    public Html Command(params IEnumerable<string> words)
    {
        if (Session.Target.Endpoint is not { } endpoint)
        {
            return Html.None;
        }

        string[] where = endpoint is { IsLoopback: true, Port: Target.DefaultPort } ? [] : ["--endpoint-url", endpoint.ToString()];
        string[] which = Deployment.StackName == "disa" ? [] : ["--stack", Deployment.StackName];
        return Show.Copyable($"{CommandName.Current} {Show.ForShell([.. words, .. which, .. where])}", "the command");
    }

    /// <summary>A form that does something, with the token that shows where it came from.</summary>
    /// <param name="ask">A question that the reader confirms first.</param>
    public Html Act(string action, Html fields, string? ask = null) => Html.Of(
        $"""<form method="post" action="{Links.To(action)}" data-ask="{ask}"><input type="hidden" name="{Gatekeeper.TokenField}" value="{Token}">{fields}</form>""");
}

/// <summary>Addresses of pages: each state of a page has one.</summary>
internal static class Links
{
    /// <summary>The address of a page; parameters without a value are left out.</summary>
    public static string To(string page, params IEnumerable<(string Name, string? Value)> parameters)
    {
        var query = string.Join('&', parameters.Where(parameter => !string.IsNullOrEmpty(parameter.Value)).Select(parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value!)}"));
        return ConsoleSite.Path + page + (query.Length > 0 ? "?" + query : "");
    }
}
