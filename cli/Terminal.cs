using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Disa.Cli;

/// <summary>What people see: data on standard output, progress and remarks on standard error. Texts of messages are never read as markup.</summary>
internal static class Terminal
{
    public static IAnsiConsole Out { get; } = AnsiConsole.Console;

    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void Json<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>A line to a person; quiet when data is asked for as JSON.</summary>
    public static void Remark(string markup)
    {
        // A log has no width: lines stay whole there.
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(Markup.Remove(markup));
        }
        else
        {
            Error.MarkupLine(markup);
        }
    }

    /// <summary>Shows that something longer than a second is under way.</summary>
    public static Task<T> Progress<T>(string what, Func<Action<string>, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(_ => { });
        }

        return Error.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(what), context => work(text => context.Status = Markup.Escape(text)));
    }

    /// <summary>Whether somebody is there to answer a question.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public static Task<bool> Ask(string question, CancellationToken cancellation) => Error.ConfirmAsync(Markup.Escape(question), defaultValue: false, cancellation);

    public static string Colored(string? status) => status switch
    {
        "Successful" => "[green]Successful[/]",
        "Failure" => "[red]Failure[/]",
        null => "[yellow]undecided[/]",
        _ => Markup.Escape(status),
    };
}
