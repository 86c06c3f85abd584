using System.Net.Http.Headers;
using System.Text;

// A function for the managed runtime dotnet10: answers its event, or does what the event's text asks for.
var root = new Uri($"http://{Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")}/2018-06-01/runtime/");
using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
while (true)
{
    using var next = await http.GetAsync(new Uri(root, "invocation/next"));
    var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
    var body = await next.Content.ReadAsStringAsync();
    if (body == "\"exit\"")
    {
        return 7;
    }

    Console.WriteLine("echo " + body);
    var isError = body == "\"error\"";
    using var answer = new StringContent(isError ? """{"errorType":"EchoException","errorMessage":"asked for"}""" : body, Encoding.UTF8);
    answer.Headers.ContentType = new MediaTypeHeaderValue("application/json");
    using var taken = await http.PostAsync(new Uri(root, $"invocation/{id}/{(isError ? "error" : "response")}"), answer);
}
