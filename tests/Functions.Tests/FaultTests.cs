using System.Net;
using System.Net.Sockets;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;

namespace Disa.Functions.Tests;

public sealed class FaultTests
{
    [Theory]
    [InlineData("NotFound", 404, "Topic does not exist", FaultClass.Configuration)]
    [InlineData("AuthorizationError", 403, "User is not authorized", FaultClass.Configuration)]
    [InlineData("KMSDisabled", 400, "disabled", FaultClass.Configuration)]
    [InlineData("KMSNotFound", 400, "not found", FaultClass.Configuration)]
    [InlineData("EndpointDisabled", 400, "disabled", FaultClass.Configuration)]
    [InlineData("InvalidParameter", 400, "Invalid parameter: TopicArn", FaultClass.Configuration)]
    [InlineData("InvalidParameter", 400, "Invalid parameter: Message too long", FaultClass.Permanent)]
    [InlineData("ParameterValueInvalid", 400, "no", FaultClass.Permanent)]
    [InlineData("Throttled", 429, "Rate exceeded", FaultClass.Transient)]
    [InlineData("KMSThrottling", 400, "Rate exceeded", FaultClass.Transient)]
    [InlineData("InternalError", 500, "oops", FaultClass.Unknown)]
    [InlineData("ServiceUnavailable", 503, "oops", FaultClass.Unknown)]
    public async Task What_SNS_answers_has_a_class(string code, int status, string text, FaultClass expected)
    {
        var aws = new FakeAws(_ => Answer.QueryError(code, text, (HttpStatusCode)status));
        var (_, fault) = await Publish(aws.Config<AmazonSimpleNotificationServiceConfig>());
        Assert.Equal(new Fault(expected, code, text), fault);
        Assert.Equal(expected == FaultClass.Transient ? 3 : 1, aws.Requests.Count);
    }

    [Fact]
    public async Task A_topic_that_nothing_listens_for_got_no_message()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var (_, fault) = await Publish(
            new AmazonSimpleNotificationServiceConfig
            {
                ServiceURL = $"http://127.0.0.1:{port}",
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
        Assert.Equal((FaultClass.Transient, "ConnectionError"), (fault!.Class, fault.Code));
    }

    [Fact]
    public async Task An_answer_that_never_came_may_have_been_a_success()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (_, fault) = await Publish(
            new AmazonSimpleNotificationServiceConfig
            {
                ServiceURL = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}",
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
                Timeout = TimeSpan.FromMilliseconds(200),
            }
        );
        Assert.Equal((FaultClass.Unknown, "Timeout"), (fault!.Class, fault.Code));
    }

    [Theory]
    [InlineData(1, 1.0, 30)]
    [InlineData(3, 1.0, 120)]
    [InlineData(3, 0.5, 60)]
    [InlineData(200, 1.0, 3600)]
    [InlineData(1, 0.0, 1)]
    public void The_delay_doubles_to_its_bound_and_is_never_nothing(int attempts, double chance, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 10).Delay(attempts, chance)
        );

    private static async Task<(string? MessageId, Fault? Fault)> Publish(AmazonSimpleNotificationServiceConfig config)
    {
        using var client = new AmazonSimpleNotificationServiceClient(FakeAws.Credentials, config);
        var publication = (
            await new Publisher(client, "arn:t", TimeProvider.System).PublishAsync(
                [PublisherTests.Attempt("1")],
                () => TimeSpan.FromMinutes(1),
                CancellationToken.None
            )
        ).Single();
        return (publication.MessageId, publication.Fault);
    }
}
