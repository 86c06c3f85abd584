using System.Security.Cryptography;
using System.Text.Json;

namespace Disa.Journeys;

/// <summary>
/// The command as a native program does what the build's does, also outside of the clone. <c>DISA_NATIVE</c> names the program that
/// <c>dotnet publish cli -r RID -p:PublishAot=true</c> made, which takes too long to be done by a test.
/// </summary>
public sealed class NativeTests : IDisposable
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("DISA_NATIVE");

    private readonly string folder = Directory.CreateTempSubdirectory("disa-native-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_shows_everything_happening_outside_of_the_clone()
    {
        var demo = await Program.Run(Elsewhere(), ["demo"]);

        Assert.True(demo.ExitCode == 0, demo.Output + demo.Error);
        Assert.DoesNotContain("✗", demo.Output, StringComparison.Ordinal);
        Assert.Contains("All checks passed.", demo.Output, StringComparison.Ordinal);
    }

    /// <summary>A publish says what its program is made for; what goes to AWS does not depend on that.</summary>
    [Fact]
    public void It_deploys_the_same_bytes_as_the_built_command()
    {
        var artefacts = Path.Combine(Path.GetDirectoryName(Elsewhere())!, "artefacts");
        var others = Path.Combine(Path.GetDirectoryName(Program.DisaPath)!, "artefacts");

        Assert.Equal(Hashes(others), Hashes(artefacts));

        static IEnumerable<(string, string)> Hashes(string directory) =>
            Directory
                .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Select(file => (Path.GetRelativePath(directory, file), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))))
                .Order();
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("up", "--help")]
    [InlineData("completion", "bash")]
    [InlineData("send", "--file", "/does/not/exist.jsonl")]
    [InlineData("up", "--port", "99999")]
    [InlineData("messages", "--endpoint-url", "http://127.0.0.1:1", "--json")]
    [InlineData("show", "x", "--profile", "no-such-profile")]
    public async Task It_says_what_the_built_command_says(params string[] arguments)
    {
        var native = await Program.Run(Elsewhere(), arguments, Named);
        var built = await Program.Run(Program.DisaPath, arguments, Named);

        Assert.Equal(Said(built), Said(native));
    }

    [Fact]
    public async Task It_answers_everything_in_the_form_of_the_built_command()
    {
        await using var native = await RunningDisa.Of(Elsewhere(), null, "--data", Path.Combine(folder, "data"));
        await using var built = await RunningDisa.Up();
        await native.Put("one", "Hello");
        await built.Put("one", "Hello");
        string[][] commands =
        [
            ["show", "one", "--wait"],
            ["send", "Hello again", "--wait"],
            ["explain", "one"],
            ["inbox"],
            ["messages"],
            ["failures"],
            ["time", "+1h"],
            ["audit"],
            ["status"],
        ];
        foreach (var command in commands)
        {
            var (one, other) = (await native.Disa([.. command, "--json"]), await built.Disa([.. command, "--json"]));
            Assert.True(one.ExitCode == other.ExitCode, $"{string.Join(' ', command)}: {one.Error} and not {other.Error}");
            Assert.Equal(Form(other.Json()), Form(one.Json()));
        }

        foreach (
            var page in (string[])["", "messages", "message?id=one", "failures", "alarm", "inbox?mail=1", "time", "cost", "stacks", "keys"]
        )
        {
            Assert.Equal(Elements(await built.Page(page)), Elements(await native.Page(page)));
        }
    }

    /// <summary>The SDK finds the client that it asks for a role, or for a single sign-on, by its name.</summary>
    [Theory]
    [InlineData("role")]
    [InlineData("sso")]
    public async Task It_asks_for_the_credentials_of_a_profile_as_the_built_command_does(string profile)
    {
        var native = Elsewhere();
        await using var emulator = await RunningDisa.Of(native, null, "--in-memory", "--bare");
        var (config, credentials) = (Path.Combine(folder, "config"), Path.Combine(folder, "credentials"));
        await File.WriteAllTextAsync(
            config,
            """
            [profile role]
            role_arn=arn:aws:iam::000000000000:role/nobodys
            source_profile=base
            [profile sso]
            sso_session=one
            sso_account_id=000000000000
            sso_role_name=nobodys
            [sso-session one]
            sso_start_url=http://127.0.0.1:1/
            sso_region=us-east-1
            """
        );
        await File.WriteAllTextAsync(credentials, "[base]\naws_access_key_id=000000000000\naws_secret_access_key=any\n");
        var environment = new Dictionary<string, string>(emulator.AwsEnvironment)
        {
            ["AWS_CONFIG_FILE"] = config,
            ["AWS_SHARED_CREDENTIALS_FILE"] = credentials,
            ["DISA_COMMAND"] = "disa",
            ["HOME"] = folder,
        };
        environment.Remove("AWS_ACCESS_KEY_ID");
        environment.Remove("AWS_SECRET_ACCESS_KEY");

        var one = await Program.Run(native, ["status", "--profile", profile], environment);
        var other = await Program.Run(Program.DisaPath, ["status", "--profile", profile], environment);

        Assert.Equal(Said(other), Said(one));
        Assert.DoesNotContain("runtime dependency", one.Error, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, string> Named = new() { ["DISA_COMMAND"] = "disa" };

    /// <summary>The program with what lies beside it, in a folder of its own.</summary>
    private string Elsewhere()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Published), "DISA_NATIVE names no native program.");
        var source = Path.GetDirectoryName(Path.GetFullPath(Published!))!;
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => !IsForDebuggers(file)))
        {
            var target = Path.Combine(folder, "program", Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return Path.Combine(folder, "program", Path.GetFileName(Published!));
    }

    private static bool IsForDebuggers(string file) => Path.GetExtension(file) is ".dbg" or ".pdb" or ".dSYM";

    /// <summary>How it ended and what it printed, without the lines that only something which takes long has.</summary>
    private static (int, string, string) Said(Ended ended) =>
        (
            ended.ExitCode,
            ended.Output,
            string.Join(
                '\n',
                ended
                    .Error.Split('\n')
                    .Where(line =>
                        !line.StartsWith("{\"progress\"", StringComparison.Ordinal) && !line.EndsWith(" ...", StringComparison.Ordinal)
                    )
            )
        );

    /// <summary>The names and kinds in a document, without the values.</summary>
    private static string Form(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object =>
                $"{{{string.Join(", ", value.EnumerateObject().Select(member => $"{member.Name}: {Form(member.Value)}"))}}}",
            JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Form).Distinct())}]",
            var kind => kind.ToString(),
        };

    /// <summary>The elements of a page in their order; a list has as many as there happen to be, so each counts once.</summary>
    private static IEnumerable<string> Elements(string page) =>
        page.Split('<').Skip(1).Select(rest => rest.Split(' ', '>', '\n')[0]).Distinct(StringComparer.Ordinal);
}
