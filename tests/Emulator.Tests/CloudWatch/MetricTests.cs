using System.Formats.Cbor;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Disa.Emulator.Tests.CloudWatch;

public sealed class MetricTests
{
    [Fact]
    public async Task Statistics_are_drawn_from_values_counts_and_sets()
    {
        await using var cloud = await TestCloud.Start();
        await Call(
            cloud,
            "PutMetricData",
            """{"Namespace":"N","MetricData":[{"MetricName":"m","Values":[1,10],"Counts":[4,2],"Unit":"Count"},{"MetricName":"m","Value":18,"Unit":"Count"}]}"""
        );

        var point = (
            await Statistics(cloud, """ "Statistics":["Sum","SampleCount","Minimum","Maximum","Average"],"ExtendedStatistics":["p50"] """)
        ).GetProperty("Datapoints")[0];

        Assert.Equal(42, point.GetProperty("Sum").GetDouble());
        Assert.Equal(7, point.GetProperty("SampleCount").GetDouble());
        Assert.Equal(1, point.GetProperty("Minimum").GetDouble());
        Assert.Equal(18, point.GetProperty("Maximum").GetDouble());
        Assert.Equal(6, point.GetProperty("Average").GetDouble());
        Assert.Equal(1, point.GetProperty("ExtendedStatistics").GetProperty("p50").GetDouble());
        Assert.Equal("Count", point.GetProperty("Unit").GetString());
    }

    [Fact]
    public async Task The_same_metric_is_found_whatever_the_order_of_its_dimensions()
    {
        await using var cloud = await TestCloud.Start();
        await Call(
            cloud,
            "PutMetricData",
            """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Dimensions":[{"Name":"b","Value":"2"},{"Name":"a","Value":"1"}]}]}"""
        );
        await Call(
            cloud,
            "PutMetricData",
            """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Dimensions":[{"Name":"a","Value":"1"},{"Name":"b","Value":"2"}]}]}"""
        );

        Assert.Single(
            (await Call(cloud, "ListMetrics", """{"Namespace":"N","Dimensions":[{"Name":"a"}]}""")).GetProperty("Metrics").EnumerateArray()
        );
        Assert.Empty(
            (await Call(cloud, "ListMetrics", """{"Namespace":"N","Dimensions":[{"Name":"a","Value":"2"}]}"""))
                .GetProperty("Metrics")
                .EnumerateArray()
        );
    }

    [Theory]
    [InlineData("""{"MetricData":[{"MetricName":"m","Value":1}]}""", "The parameter Namespace is required.")]
    [InlineData(
        """{"Namespace":"AWS/x","MetricData":[{"MetricName":"m","Value":1}]}""",
        "The value AWS/x for parameter Namespace is invalid."
    )]
    [InlineData("""{"Namespace":"N","MetricData":[{"MetricName":"m"}]}""", "The parameter MetricData.member.1.Value is required.")]
    [InlineData("""{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Values":[1]}]}""", "mutually exclusive")]
    [InlineData("""{"Namespace":"N","MetricData":[{"MetricName":"m","Values":[1],"Counts":[1,2]}]}""", "must be of the same size.")]
    [InlineData(
        """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Timestamp":1}]}""",
        "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks."
    )]
    [InlineData(
        """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Timestamp":99999999999}]}""",
        "must specify a time no more than two hours in the future."
    )]
    [InlineData(
        """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":"NaN"}]}""",
        "The value NaN for parameter MetricData.member.1.Value is invalid."
    )]
    [InlineData("""{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Unit":"Apples"}]}""", "must be a value in the set")]
    public async Task Values_that_AWS_refuses_are_refused(string request, string message)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "PutMetricData", request));

        Assert.Equal(400, error.Status);
        Assert.Contains(message, error.Body);
    }

    [Fact]
    public async Task The_query_protocol_works_too()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Query(
            "monitoring",
            "PutMetricData",
            ("Version", "2010-08-01"),
            ("Namespace", "N"),
            ("MetricData.member.1.MetricName", "m"),
            ("MetricData.member.1.Value", "3"),
            ("MetricData.member.1.Dimensions.member.1.Name", "a"),
            ("MetricData.member.1.Dimensions.member.1.Value", "1")
        );

        var xml = await cloud.Query("monitoring", "ListMetrics", ("Version", "2010-08-01"), ("Namespace", "N"));

        Assert.Contains("<ListMetricsResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\">", xml);
        Assert.Contains("<member><Name>a</Name><Value>1</Value></member>", xml);
    }

    [Fact]
    public async Task Newer_clients_speak_CBOR()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "PutMetricData", """{"Namespace":"N","MetricData":[{"MetricName":"m","Value":2.5}]}""");
        var writer = new CborWriter();
        writer.WriteStartMap(1);
        writer.WriteTextString("Namespace");
        writer.WriteTextString("N");
        writer.WriteEndMap();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(cloud.Endpoint, "/service/GraniteServiceVersion20100801/operation/ListMetrics")
        );
        request.Content = new ByteArrayContent(writer.Encode());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        request.Headers.TryAddWithoutValidation("smithy-protocol", "rpc-v2-cbor");
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0"
        );

        using var response = await http.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("rpc-v2-cbor", response.Headers.GetValues("smithy-protocol").Single());
        var reader = new CborReader(await response.Content.ReadAsByteArrayAsync());
        reader.ReadStartMap();
        Assert.Equal("Metrics", reader.ReadTextString());
    }

    [Fact]
    public async Task A_dashboard_is_kept_and_a_body_that_is_no_JSON_refused()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "PutDashboard", """{"DashboardName":"d","DashboardBody":"{\"widgets\":[]}"}""");

        Assert.Equal(
            "arn:aws:cloudwatch::000000000000:dashboard/d",
            (await Call(cloud, "GetDashboard", """{"DashboardName":"d"}""")).GetProperty("DashboardArn").GetString()
        );
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            Call(cloud, "PutDashboard", """{"DashboardName":"d","DashboardBody":"{"}""")
        );
        Assert.Contains("The field DashboardBody must be a valid JSON object", error.Body);
        await Call(cloud, "DeleteDashboards", """{"DashboardNames":["d"]}""");
        Assert.Empty((await Call(cloud, "ListDashboards", "{}")).GetProperty("DashboardEntries").EnumerateArray());
    }

    [Fact]
    public async Task What_is_not_done_is_refused_by_name()
    {
        await using var cloud = await TestCloud.Start();

        Assert.Equal(501, (await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "PutAnomalyDetector", "{}"))).Status);
    }

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body) =>
        cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);

    private static Task<JsonElement> Statistics(TestCloud cloud, string which)
    {
        var now = cloud.Clock.GetUtcNow().ToUnixTimeSeconds();
        return Call(
            cloud,
            "GetMetricStatistics",
            $$"""{"Namespace":"N","MetricName":"m","StartTime":{{now - 3600}},"EndTime":{{now + 60}},"Period":86400,{{which}}}"""
        );
    }
}
