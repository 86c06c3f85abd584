using System.CommandLine;
using Disa.Cli.Commands;
using Disa.Emulator.Store;

namespace Disa.Cli;

/// <summary>Several emulators on one machine, by name: each has a data directory and a port of its own.</summary>
internal static class Named
{
    private const int LongestName = 32;

    public static readonly Option<string?> Name = new("--name")
    {
        Description =
            "The name of an emulator in this directory: `up` keeps its data in .disa-NAME and uses a free port; other commands find it by the name",
        Recursive = true,
    };

    static Named() =>
        Name.Validators.Add(result =>
        {
            if (
                result.Tokens is [{ Value: var name }]
                && !(name.Length is > 0 and <= LongestName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            )
            {
                result.AddError($"'{name}' is not a name: letters, digits, dashes and underscores, {LongestName} at most.");
            }
        });

    /// <summary>Where the emulator of <c>up</c>, <c>down</c> and <c>logs</c> keeps its data.</summary>
    public static string Data(ParseResult parsed)
    {
        if (parsed.GetValue(Name) is not { } name)
        {
            return parsed.GetValue(UpOptions.Data)!.FullName;
        }

        return IsGiven(parsed, UpOptions.Data)
            ? throw new UsageException("--name names a data directory, and so does --data; give one of them.")
            : DirectoryOf(name);
    }

    /// <summary>The port that <c>up</c> listens on: a free one for an emulator with a name, where none is given.</summary>
    public static int Port(ParseResult parsed, Option<int> port) =>
        parsed.GetValue(Name) is not null && !IsGiven(parsed, port) ? 0 : parsed.GetValue(port);

    /// <summary>The address of the emulator that is named; null where none is.</summary>
    /// <exception cref="UsageException">It is not up, or an endpoint or a profile is named too.</exception>
    public static string? Endpoint(ParseResult parsed)
    {
        if (parsed.GetValue(Name) is not { } name)
        {
            return null;
        }

        if (IsGiven(parsed, CommonOptions.EndpointUrl) || IsGiven(parsed, CommonOptions.Profile))
        {
            throw new UsageException("--name says where AWS is, and so do --endpoint-url and --profile; give one of them.");
        }

        return DataFolder.OwnerOf(DirectoryOf(name))?.Endpoint?.ToString()
            ?? throw new UsageException(
                $"no emulator '{name}' is up in this directory; `{CommandName.Current} up --name {name}` starts it."
            );
    }

    private static string DirectoryOf(string name) => Path.GetFullPath(".disa-" + name);

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
