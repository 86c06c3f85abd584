using System.IO.Compression;

namespace Disa.Journeys;

/// <summary>Disa.Emulator and Disa.Emulator.Xunit as a .NET developer gets them: packed, restored from a folder, and used in a test.</summary>
public sealed class EmulatorPackageTests
{
    [Fact]
    public async Task A_project_that_has_nothing_but_the_packages_tests_with_an_AWS_of_its_own()
    {
        var isAhead = PackedFeed.HasAheadOfTimeCompiler;
        using var feed = await PackedFeed.Pack(["emulator/LocalAws", "emulator/Xunit"], isAhead ? ["-p:CompileAhead=true"] : []);
        var package = feed.Package("Disa.Emulator");
        if (isAhead)
        {
            var here = $"runtimes/{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}/lib/net10.0";
            feed.Holds(package, $"{here}/Disa.LocalAws.dll", $"{here}/Disa.Emulator.dll", $"{here}/Disa.Asl.dll");
        }

        feed.Holds(package, "lib/net10.0/Disa.LocalAws.dll", "lib/net10.0/Disa.Emulator.dll", "lib/net10.0/Disa.Asl.dll", "README.md");
        feed.Holds(feed.Package("Disa.Emulator", "snupkg"), "lib/net10.0/Disa.LocalAws.pdb");
        feed.Holds(feed.Package("Disa.Emulator.Xunit"), "build/Disa.Emulator.Xunit.targets", "README.md");
        using (var zip = ZipFile.OpenRead(package))
        {
            // What a compiler sees.
            Assert.Equal(
                ["ref/net10.0/Disa.LocalAws.dll", "ref/net10.0/Disa.LocalAws.xml"],
                zip.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("ref/", StringComparison.Ordinal)).Order()
            );
        }

        var project = await feed.Project(
            "orders",
            (
                "orders.csproj",
                """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable><UseMicrosoftTestingPlatformRunner>true</UseMicrosoftTestingPlatformRunner><NoWarn>xUnit1051</NoWarn></PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Disa.Emulator.Xunit" Version="0.1.0" />
                    <PackageReference Include="AWSSDK.SQS" Version="4.0.100.25" />
                    <PackageReference Include="xunit.v3" Version="4.0.2" />
                  </ItemGroup>
                </Project>
                """
            ),
            (
                "OrderTests.cs",
                """"
                using Amazon.SQS;
                using Disa.Emulator;
                using Disa.Emulator.Xunit;
                using Xunit;

                public sealed class OrderTests(LocalAwsFixture fixture) : IClassFixture<LocalAwsFixture>
                {
                    public sealed record Event(IReadOnlyList<Message> Records);
                    public sealed record Message(string Body);

                    [Fact]
                    public async Task An_order_reaches_its_function()
                    {
                        await using var aws = await LocalAws.StartAsync();
                        using var sqs = new AmazonSQSClient(aws.Credentials, aws.Configure(new AmazonSQSConfig()));
                        var orders = new List<string>();
                        await aws.AddFunctionAsync<Event>("orders", (e, _) => { orders.AddRange(e.Records.Select(record => record.Body)); return Task.CompletedTask; });
                        var stack = await aws.DeployTemplateAsync("""
                            Resources:
                              Queue: { Type: AWS::SQS::Queue }
                              Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: orders } }
                            """, "orders");
                        await sqs.SendMessageAsync(stack.Resources["Queue"], "an order");
                        await aws.SettledAsync();
                        Assert.Equal(["an order"], orders);
                    }

                    [Fact]
                    public async Task A_failed_test_says_what_happened()
                    {
                        using var sqs = new AmazonSQSClient(fixture.Account.Credentials, fixture.Account.Configure(new AmazonSQSConfig()));
                        await sqs.CreateQueueAsync("incoming");
                        Assert.Fail("on purpose");
                    }
                }
                """"
            )
        );

        var ran = await feed.Dotnet("run", "--project", project);

        Assert.Contains("total: 2", ran.Output, StringComparison.Ordinal);
        Assert.True(ran.Output.Contains("failed: 1", StringComparison.Ordinal), ran.Output + ran.Error);
        Assert.Contains("on purpose", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Disa.Gateway: sqs CreateQueue 200", ran.Output, StringComparison.Ordinal);
    }
}
