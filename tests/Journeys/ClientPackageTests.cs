namespace Disa.Journeys;

/// <summary>Disa.Client as a producer gets it: packed, restored from a folder, and called.</summary>
public sealed class ClientPackageTests
{
    [Fact]
    public async Task The_package_is_whole_and_a_project_that_has_nothing_else_builds_and_runs_with_it()
    {
        using var feed = await PackedFeed.Pack("client");
        var package = feed.Package("Disa.Client");
        feed.Holds(package, "lib/net10.0/Disa.Client.dll", "lib/net10.0/Disa.Client.xml", "README.md");
        feed.Holds(feed.Package("Disa.Client", "snupkg"), "lib/net10.0/Disa.Client.pdb");
        var about = feed.Text(package, "Disa.Client.nuspec");
        Assert.Contains("<license type=\"expression\">MIT</license>", about, StringComparison.Ordinal);
        Assert.Contains("<readme>README.md</readme>", about, StringComparison.Ordinal);
        Assert.Contains("<dependency id=\"AWSSDK.DynamoDBv2\"", about, StringComparison.Ordinal);
        Assert.DoesNotContain(
            PackedFeed.Root,
            feed.Text(feed.Package("Disa.Client", "snupkg"), "lib/net10.0/Disa.Client.pdb"),
            StringComparison.Ordinal
        );

        var project = await feed.Project(
            "producer",
            (
                "producer.csproj",
                """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings><UseAppHost>false</UseAppHost></PropertyGroup>
                  <ItemGroup><PackageReference Include="Disa.Client" Version="0.1.0" /></ItemGroup>
                </Project>
                """
            ),
            (
                "Program.cs",
                """
                using Disa.Client;
                var table = new DisaTable("orders", "customer", "S", "line", "N");
                var entry = new DisaOutbox(new Amazon.DynamoDBv2.AmazonDynamoDBClient("id", "secret", Amazon.RegionEndpoint.USEast1), table).Entry(new DisaMessage("Shipped."), DisaKey.Of("c#7").And(17));
                Console.WriteLine($"{entry.Put.Item["message"].S} {DisaKey.Of("c#7").And(17).Id(table)}");
                """
            )
        );
        var ran = await feed.Dotnet("run", "--project", project);
        Assert.True(ran.ExitCode == 0, ran.Output + ran.Error);
        Assert.Equal("""Shipped. {"customer":{"S":"c#7"},"line":{"N":"17"}}""", ran.Output.Trim());
    }

    [Fact]
    public async Task A_package_that_lacks_something_of_the_last_version_is_refused()
    {
        using var feed = await PackedFeed.Pack("client");
        var same = await feed.PackAgain("client", feed.Package("Disa.Client"));
        Assert.True(same.ExitCode == 0, same.Output);

        var earlier = await feed.Project(
            "earlier",
            (
                "Disa.Client.csproj",
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable><Version>0.0.9</Version>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="AWSSDK.DynamoDBv2" Version="*" />
                    <Compile Include="{PackedFeed.Root}/client/*.cs;{PackedFeed.Root}/dispatcher/Contract/MessageLimits.cs" />
                  </ItemGroup>
                </Project>
                """
            ),
            ("Withdrawn.cs", "namespace Disa.Client; public static class Withdrawn;")
        );
        var packed = await feed.Dotnet("pack", earlier, "--output", feed.Folder);
        Assert.True(packed.ExitCode == 0, packed.Output + packed.Error);
        var refused = await feed.PackAgain("client", Path.Combine(feed.Folder, "Disa.Client.0.0.9.nupkg"));
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("Disa.Client.Withdrawn", refused.Output, StringComparison.Ordinal);
    }
}
