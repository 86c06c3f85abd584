using System.IO.Compression;
using System.Text;

namespace Disa.Journeys;

/// <summary>Disa.Client as a producer gets it: packed, restored from a folder, and called.</summary>
public sealed class ClientPackageTests
{
    [Fact]
    public async Task The_package_is_whole_and_a_project_that_has_nothing_else_builds_and_runs_with_it()
    {
        var dotnet = Program.OnPath("dotnet");
        Assert.SkipWhen(dotnet is null, "dotnet is not on PATH.");
        var folder = Directory.CreateTempSubdirectory("disa-client-").FullName;
        try
        {
            var packed = await Program.Run(
                dotnet!,
                ["pack", Path.Combine(Root, "client"), "--configuration", Configuration, "--no-build", "--output", folder, "-nologo"]
            );
            Assert.True(packed.ExitCode == 0, packed.Output);
            Assert.DoesNotContain("warning", packed.Output, StringComparison.OrdinalIgnoreCase);
            Holds(
                Path.Combine(folder, "Disa.Client.0.1.0.nupkg"),
                "lib/net10.0/Disa.Client.dll",
                "lib/net10.0/Disa.Client.xml",
                "README.md"
            );
            Holds(Path.Combine(folder, "Disa.Client.0.1.0.snupkg"), "lib/net10.0/Disa.Client.pdb");
            var about = Text(Path.Combine(folder, "Disa.Client.0.1.0.nupkg"), "Disa.Client.nuspec");
            Assert.Contains("<license type=\"expression\">MIT</license>", about, StringComparison.Ordinal);
            Assert.Contains("<readme>README.md</readme>", about, StringComparison.Ordinal);
            Assert.Contains("<dependency id=\"AWSSDK.DynamoDBv2\"", about, StringComparison.Ordinal);
            Assert.DoesNotContain(
                Root,
                Text(Path.Combine(folder, "Disa.Client.0.1.0.snupkg"), "lib/net10.0/Disa.Client.pdb"),
                StringComparison.Ordinal
            );

            // Two folders are all the sources: no request leaves the machine.
            var project = Path.Combine(folder, "producer");
            Directory.CreateDirectory(project);
            var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
                ? given
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            await File.WriteAllTextAsync(
                Path.Combine(project, "producer.csproj"),
                """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings><UseAppHost>false</UseAppHost></PropertyGroup>
                  <ItemGroup><PackageReference Include="Disa.Client" Version="0.1.0" /></ItemGroup>
                </Project>
                """
            );
            await File.WriteAllTextAsync(
                Path.Combine(project, "nuget.config"),
                $"""
                <configuration><config><add key="globalPackagesFolder" value="{Path.Combine(folder, "packages")}" /></config>
                <packageSources><clear /><add key="packed" value="{folder}" /><add key="known" value="{known}" /></packageSources></configuration>
                """
            );
            await File.WriteAllTextAsync(
                Path.Combine(project, "Program.cs"),
                """
                using Disa.Client;
                var table = new DisaTable("orders", "customer", "S", "line", "N");
                var entry = new DisaOutbox(new Amazon.DynamoDBv2.AmazonDynamoDBClient("id", "secret", Amazon.RegionEndpoint.USEast1), table).Entry(new DisaMessage("Shipped."), DisaKey.Of("c#7").And(17));
                Console.WriteLine($"{entry.Put.Item["message"].S} {DisaKey.Of("c#7").And(17).Id(table)}");
                """
            );
            var ran = await Program.Run(
                dotnet!,
                ["run", "--project", project],
                new Dictionary<string, string> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1" }
            );
            Assert.True(ran.ExitCode == 0, ran.Output + ran.Error);
            Assert.Equal("""Shipped. {"customer":{"S":"c#7"},"line":{"N":"17"}}""", ran.Output.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As these tests were built.</summary>
    private static string Configuration => Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));

    private static string Root
    {
        get
        {
            var root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "disa.slnx")))
            {
                root = Path.GetDirectoryName(root)!;
            }

            return root;
        }
    }

    private static void Holds(string package, params string[] files)
    {
        using var zip = ZipFile.OpenRead(package);
        Assert.All(files, file => Assert.NotNull(zip.GetEntry(file)));
    }

    private static string Text(string package, string file)
    {
        using var zip = ZipFile.OpenRead(package);
        using var reader = new StreamReader(zip.GetEntry(file)!.Open(), Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
