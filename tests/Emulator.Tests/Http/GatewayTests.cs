namespace Disa.Emulator.Tests.Http;

public sealed class GatewayTests
{
    [Fact]
    public async Task A_service_that_is_not_done_is_refused_by_name()
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("athena", "AmazonAthena.StartQueryExecution", "{}"));

        Assert.Equal(501, error.Status);
        Assert.Contains("AmazonAthena.StartQueryExecution", error.Body);
    }

    [Fact]
    public async Task Health_answers_200_only_once_ready()
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };

        Assert.Equal(503, (int)(await http.GetAsync("/_disa/health")).StatusCode);
        cloud.Cloud.MarkReady();
        Assert.Equal(200, (int)(await http.GetAsync("/_disa/health")).StatusCode);
    }
}
