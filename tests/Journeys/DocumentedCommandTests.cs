using System.Text.RegularExpressions;

namespace Disa.Journeys;

/// <summary>The command blocks of README and the tour, run by a shell as they stand, one after the other, against an emulator.</summary>
public sealed partial class DocumentedCommandTests
{
    private const string Documented = "http://127.0.0.1:4566";

    /// <summary>Each line of a document's blocks succeeds, and what the text says of them is in what they print.</summary>
    [Theory]
    [InlineData("README.md", "\"S\": \"Successful\"")]
    [InlineData("docs/tour.md", "\"S\": \"Successful\"", "\"S\": \"NotFound\"")]
    public async Task Every_command_block_of_a_document_runs(string document, params string[] printed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Program.OnPath("aws") is null, "The AWS CLI is not on PATH, or there is no shell.");
        await using var disa = await RunningDisa.Up();
        var folder = Directory.CreateTempSubdirectory("disa-document-").FullName;
        var script = Script(await File.ReadAllTextAsync(Path.Combine(PackedFeed.Root, document), CancellationToken.None), disa);
        await File.WriteAllTextAsync(Path.Combine(folder, "blocks.sh"), script, CancellationToken.None);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "disa"),
            $"#!/bin/sh\nexec '{Program.DisaPath}' \"$@\" --endpoint-url {disa.AwsEnvironment["AWS_ENDPOINT_URL"]}\n",
            CancellationToken.None
        );
        await Program.Run("chmod", ["+x", Path.Combine(folder, "disa")]);

        var ended = await Program.Run("bash", ["blocks.sh"], disa.AwsEnvironment, folder);

        Assert.True(ended.ExitCode == 0, $"{script}\n{ended.Output}\n{ended.Error}");
        Assert.All(printed, text => Assert.Contains(text, ended.Output, StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The blocks without the lines that build or start the emulator, with this emulator's address and an existing id.</summary>
    private static string Script(string text, RunningDisa disa)
    {
        var blocks = Block().Matches(text).Select(match => match.Groups["lines"].Value).ToList();
        Assert.NotEmpty(blocks);
        var lines = blocks
            .SelectMany(block => block.Split('\n'))
            .Where(line =>
                !line.StartsWith("dotnet ", StringComparison.Ordinal) && !line.StartsWith("./disa up ", StringComparison.Ordinal)
            )
            .Select(line => Id().Replace(line.Replace(Documented, disa.AwsEnvironment["AWS_ENDPOINT_URL"], StringComparison.Ordinal), "1"));
        // Before 2.13 the AWS CLI does not know AWS_ENDPOINT_URL, as both documents say.
        return $$"""
            set -euo pipefail
            aws() { command aws --endpoint-url {{disa.AwsEnvironment["AWS_ENDPOINT_URL"]}} "$@"; }
            {{string.Join('\n', lines)}}
            """;
    }

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\bID\b")]
    private static partial Regex Id();
}
