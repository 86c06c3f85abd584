using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.SQS;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Disa.AspireTests;

/// <summary>The AWS of an app host.</summary>
public sealed class DisaTests
{
    [Fact]
    public async Task A_project_finds_the_AWS_and_its_outputs_where_the_SDK_and_its_configuration_look()
    {
        await using var host = new AppHost(builder =>
        {
            var stage = builder.AddParameter("stage", "test");
            var aws = builder.AddDisa("aws").WithStack("orders.yaml", new { Stage = stage });
            builder.AddExecutable("worker", "worker", ".").WithReference(aws).WithEnvironment("ORDERS", aws.GetOutput("QueueUrl"));
        });
        await host.Start("aws");

        var environment = await host.Environment("worker");

        Assert.Equal("us-east-1", environment["AWS_REGION"]);
        Assert.Equal("us-east-1", environment["AWS_DEFAULT_REGION"]);
        var endpoint = host.Resource<DisaResource>("aws").Endpoint.Url;
        Assert.Equal(endpoint, environment["AWS_ENDPOINT_URL"]);
        Assert.Equal($"{endpoint}/000000000000/orders-test", environment["AWS__Resources__QueueUrl"]);
        Assert.Equal(environment["AWS__Resources__QueueUrl"], environment["ORDERS"]);
        using var sqs = new AmazonSQSClient(
            new BasicAWSCredentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]),
            new AmazonSQSConfig { ServiceURL = environment["AWS_ENDPOINT_URL"], AuthenticationRegion = environment["AWS_REGION"] }
        );
        Assert.Equal(HttpStatusCode.OK, (await sqs.SendMessageAsync(environment["ORDERS"], "an order")).HttpStatusCode);
    }

    [Fact]
    public async Task The_dashboard_shows_its_state_its_log_and_links_to_console_and_inbox()
    {
        await using var host = new AppHost(builder => builder.AddDisa("aws").WithDispatcher());
        var logs = host.Services.GetRequiredService<ResourceLoggerService>();

        await host.Start("aws");

        var state = host.State("aws");
        Assert.Equal("AWS", state.ResourceType);
        Assert.Equal(KnownResourceStates.Running, state.State?.Text);
        var endpoint = host.Resource<DisaResource>("aws").Endpoint.Url;
        Assert.Equal(
            [("console", endpoint + "/_disa/console/"), ("inbox", endpoint + "/_disa/console/inbox"), ("http", endpoint)],
            state.Urls.Select(url => (url.Name!, url.Url))
        );
        Assert.Equal(["Console", "Inbox", ""], state.Urls.Select(url => url.DisplayProperties.DisplayName));
        using var http = new HttpClient();
        Assert.All(
            await Task.WhenAll(state.Urls.Take(2).Select(url => http.GetAsync(new Uri(url.Url)))),
            page => Assert.Equal(HttpStatusCode.OK, page.StatusCode)
        );
        var lines = new List<string>();
        await foreach (var batch in logs.WatchAsync(host.Resource<DisaResource>("aws")))
        {
            lines.AddRange(batch.Select(line => line.Content));
            if (lines.Any(line => line.EndsWith("aws is ready", StringComparison.Ordinal)))
            {
                break;
            }
        }

        Assert.Contains(lines, line => line.Contains($"aws listens at {endpoint}", StringComparison.Ordinal));

        await using var bare = new AppHost(builder => builder.AddDisa("aws"));
        await bare.Start("aws");
        Assert.Equal([bare.Resource<DisaResource>("aws").Endpoint.Url], bare.State("aws").Urls.Select(url => url.Url));
    }

    [Fact]
    public async Task It_is_healthy_once_everything_is_deployed_and_not_after_it_has_stopped()
    {
        await using var host = new AppHost(builder => builder.AddDisa("aws").WithStack("orders.yaml", new { Stage = "test" }));
        Assert.Equal("It is not running.", await Health(host));

        await host.Start("aws");
        Assert.Equal("Healthy", await Health(host));

        await host.Stop();
        Assert.Equal("It is not running.", await Health(host));
        Assert.Equal(KnownResourceStates.Exited, host.State("aws").State?.Text);
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            new HttpClient().GetAsync(new Uri(host.Resource<DisaResource>("aws").Endpoint.Url))
        );
    }

    [Theory]
    [InlineData("broken.yaml", "DelaySeconds")]
    [InlineData("orders.yaml", "Parameters: [Stage] must have values")]
    [InlineData("missing.yaml", "missing.yaml")]
    public async Task What_cannot_be_deployed_is_said_and_nothing_that_refers_to_it_starts(string template, string reason)
    {
        await using var host = new AppHost(builder =>
            builder.AddExecutable("worker", "worker", ".").WithReference(builder.AddDisa("aws").WithStack(template))
        );

        await host.Start("aws");

        Assert.Equal(KnownResourceStates.FailedToStart, host.State("aws").State?.Text);
        Assert.Contains(reason, await Health(host), StringComparison.Ordinal);
        Assert.Contains(
            reason,
            (await Assert.ThrowsAnyAsync<Exception>(() => host.Environment("worker"))).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Outputs_of_one_name_want_sections_of_their_own()
    {
        await using var same = new AppHost(builder =>
            builder
                .AddDisa("aws")
                .WithStack("orders.yaml", new { Stage = "one" }, "one")
                .WithStack("orders.yaml", new { Stage = "two" }, "two")
        );
        await same.Start("aws");
        Assert.Contains(
            "The stacks one and two both have the output QueueUrl: give one of them another configSection.",
            await Health(same),
            StringComparison.Ordinal
        );

        await using var apart = new AppHost(builder =>
        {
            var aws = builder
                .AddDisa("aws")
                .WithStack("orders.yaml", new Dictionary<string, string> { ["Stage"] = "one" }, "one")
                .WithStack("orders.yaml", new { Stage = "two" }, "two", "Second");
            builder.AddExecutable("worker", "worker", ".").WithReference(aws).WithEnvironment("TWO", aws.GetOutput("QueueUrl", "two"));
        });
        await apart.Start("aws");
        var environment = await apart.Environment("worker");
        Assert.EndsWith("orders-one", environment["AWS__Resources__QueueUrl"], StringComparison.Ordinal);
        Assert.EndsWith("orders-two", environment["Second__QueueUrl"], StringComparison.Ordinal);
        Assert.Equal(environment["Second__QueueUrl"], environment["TWO"]);
    }

    [Fact]
    public async Task A_data_folder_and_a_port_stay_from_one_start_to_the_next()
    {
        var folder = Directory.CreateTempSubdirectory("disa-aspire-");
        var port = FreePort();
        try
        {
            for (var start = 0; start < 2; start++)
            {
                await using var host = new AppHost(builder =>
                    builder
                        .AddDisa("aws", port)
                        .WithDataFolder(folder.FullName)
                        .WithOptions(options => options with { Region = "eu-west-1" })
                );
                await host.Start("aws");
                var aws = host.Resource<DisaResource>("aws");
                Assert.Equal($"http://127.0.0.1:{port}", aws.Endpoint.Url);
                using var sqs = new AmazonSQSClient(aws.Aws.Credentials, aws.Aws.Configure(new AmazonSQSConfig()));
                if (start == 0)
                {
                    await sqs.CreateQueueAsync("kept");
                }

                Assert.EndsWith("/kept", (await sqs.GetQueueUrlAsync("kept")).QueueUrl, StringComparison.Ordinal);
                await host.Stop();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_dispatcher_sends_what_a_project_puts_into_its_table()
    {
        await using var host = new AppHost(builder =>
            builder
                .AddExecutable("shop", "shop", ".")
                .WithReference(builder.AddDisa("aws").WithDispatcher("reader@example.com", new { ProcessConcurrency = 2 }))
        );
        await host.Start("aws");
        Assert.Equal("Healthy", await Health(host));
        var aws = host.Resource<DisaResource>("aws").Aws;
        var environment = await host.Environment("shop");
        using var dynamo = new AmazonDynamoDBClient(aws.Credentials, aws.Configure(new AmazonDynamoDBConfig()));

        await dynamo.PutItemAsync(
            new PutItemRequest(
                environment["Disa__TableName"],
                new() { [environment["Disa__PartitionKeyName"]] = new("1"), ["message"] = new("Shipped.") }
            )
        );
        await aws.SettledAsync();

        Assert.Contains(aws.Mailbox, mail => mail.To == "reader@example.com" && mail.Body.StartsWith("Shipped.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_published_application_has_none_of_it()
    {
        await using var host = new AppHost(
            builder => builder.AddExecutable("worker", "worker", ".").WithReference(builder.AddDisa("aws").WithStack("orders.yaml")),
            "--operation",
            "publish",
            "--publisher",
            "manifest"
        );
        Assert.DoesNotContain((await host.Environment("worker")).Keys, name => name.StartsWith("AWS", StringComparison.Ordinal));
        Assert.Contains(
            ManifestPublishingCallbackAnnotation.Ignore,
            host.Resource<DisaResource>("aws").Annotations.OfType<ManifestPublishingCallbackAnnotation>()
        );
    }

    private static async Task<string> Health(AppHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "aws_check");
        var entry = report.Entries["aws_check"];
        return entry.Status == HealthStatus.Healthy ? "Healthy" : entry.Description ?? "";
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
