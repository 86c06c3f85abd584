using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Disa.Bench;

/// <summary>The deployed dispatcher as its users reach it: a table to put items in, a queue and a mailbox where messages arrive.</summary>
internal sealed class Stack : IDisposable
{
    private readonly IPEndPoint server;
    private readonly string host;
    private readonly CancellationToken cancellation;
    private readonly string table;
    private readonly string topic;
    private readonly string account;
    private readonly string outputs;
    private readonly HttpConnection asking;
    private string? queue;
    private string? subscription;

    private Stack(IPEndPoint server, string outputs, string table, string topic, CancellationToken cancellation)
    {
        this.outputs = outputs;
        (this.server, this.table, this.topic, this.cancellation) = (server, table, topic, cancellation);
        host = server.ToString();
        account = topic.Split(':')[4];
        asking = new HttpConnection(server);
    }

    public static async Task<Stack> Of(IPEndPoint server, CancellationToken cancellation)
    {
        var answer = await Bench
            .Send(
                server,
                Call.Query(server.ToString(), "cloudformation", "Action=DescribeStacks&Version=2010-05-15&StackName=disa"),
                cancellation
            )
            .ConfigureAwait(false);
        return new Stack(server, answer, Output(answer, "TableName"), Output(answer, "TopicArn"), cancellation);
    }

    public void Dispose() => asking.Dispose();

    /// <summary>Outputs of the root stack.</summary>
    public string[] Outputs(params string[] names) => [.. names.Select(name => Output(outputs, name))];

    /// <summary>Takes the mail's address off the topic: SNS sends ten mails a second, and a burst is not about those.</summary>
    public async Task WithoutMail()
    {
        var answer = await Bench
            .Send(server, Call.Query(host, "sns", $"Action=ListSubscriptionsByTopic&Version=2010-03-31&TopicArn={topic}"), cancellation)
            .ConfigureAwait(false);
        foreach (
            var member in answer.Split("<member>").Where(part => part.Contains("<Protocol>email</Protocol>", StringComparison.Ordinal))
        )
        {
            await Bench
                .Send(
                    server,
                    Call.Query(
                        host,
                        "sns",
                        $"Action=Unsubscribe&Version=2010-03-31&SubscriptionArn={Between(member, "<SubscriptionArn>", "</SubscriptionArn>")}"
                    ),
                    cancellation
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>Puts so many items, and waits until all of their messages are in the queue and all of the items say Successful.</summary>
    /// <returns>Messages a second, from the first PutItem on.</returns>
    public async Task<double> Burst(int messages, int connections)
    {
        await FreshQueue().ConfigureAwait(false);
        var first = Load.NextNumber() + 1;
        var started = Stopwatch.GetTimestamp();
        var load = Load.Times(messages, server, connections, Put(), cancellation);
        while (await Delivered().ConfigureAwait(false) < messages)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, cancellation).ConfigureAwait(false);
            if (load.IsFaulted || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(10))
            {
                await load.ConfigureAwait(false);
                throw new TimeoutException(
                    $"{await Delivered().ConfigureAwait(false)} of {messages} messages were delivered in ten minutes."
                );
            }
        }

        // Published is recorded after it is published: the last items say so some milliseconds later.
        await load.ConfigureAwait(false);
        foreach (var hundred in Enumerable.Range(first, messages).Chunk(100))
        {
            while (await Successful(hundred).ConfigureAwait(false) < hundred.Length) { }
        }

        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Takes the last burst's queue off the topic and away.</summary>
    public async Task WithoutQueue()
    {
        if (subscription is null)
        {
            return;
        }

        await Bench
            .Send(server, Call.Query(host, "sns", $"Action=Unsubscribe&Version=2010-03-31&SubscriptionArn={subscription}"), cancellation)
            .ConfigureAwait(false);
        await Ask("DeleteQueue", $$"""{"QueueUrl":"{{queue}}"}""").ConfigureAwait(false);
        subscription = null;
    }

    /// <summary>One message after the other, from its PutItem until the mailbox has it, in milliseconds; eight a second, because SNS sends ten mails.</summary>
    public async Task<double[]> ToMailbox(int messages)
    {
        var times = new List<double>();
        using var putter = new HttpConnection(server);
        using var mailbox = new HttpConnection(server);
        var after = await LastMail(mailbox).ConfigureAwait(false);
        for (var number = 0; number < messages; number++)
        {
            var pause = Task.Delay(TimeSpan.FromMilliseconds(125), TimeProvider.System, cancellation);
            var wait = mailbox
                .Send(Call.Rest(host, "disa", "GET", $"/_disa/inbox?wait=30&limit=1&after={after}").Copy(), cancellation)
                .AsTask();
            var started = Stopwatch.GetTimestamp();
            await putter.Send(Numbered(Put()), cancellation).ConfigureAwait(false);
            await wait.ConfigureAwait(false);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            after = JsonElement.Parse(mailbox.Body.Span).GetProperty("mails").EnumerateArray().Last().GetProperty("id").GetString()!;
            await pause.ConfigureAwait(false);
        }

        return [.. times.Order()];
    }

    /// <summary>Puts items that are no messages: what else lies in the table, or what was sent long ago.</summary>
    public async Task Fill(int items)
    {
        var writes = string.Join(
            ",",
            Enumerable
                .Range(0, 25)
                .Select(at =>
                    $$$"""{"PutRequest":{"Item":{"sequenceNo":{"S":"old-########-{{{at}}}"},"text":{"S":"Hello, this is a message of some sixty bytes, sent long ago."},"sendStatus":{"S":"Successful"},"sendAttempts":{"N":"1"},"sendMessageId":{"S":"0b5b7a5e-4c0b-4b7e-9f5b-2f6d3d8e6a11"} } } }"""
                )
        );
        await Load.Times(
                items / 25,
                server,
                8,
                Call.Dynamo(host, "BatchWriteItem", $$$"""{"RequestItems":{"{{{table}}}":[{{{writes}}}]}}"""),
                cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>Puts messages and waits for nothing; answers their numbers.</summary>
    public async Task<IReadOnlyList<int>> PutOnly(int messages)
    {
        var first = Load.NextNumber() + 1;
        await Load.Times(messages, server, 1, Put(), cancellation).ConfigureAwait(false);
        return [.. Enumerable.Range(first, messages)];
    }

    private Call Put() =>
        Call.Dynamo(
            host,
            "PutItem",
            $$$"""{"TableName":"{{{table}}}","Item":{"sequenceNo":{"S":"m-########"},"message":{"S":"Hello, this is message ########, of some sixty bytes, to be sent."} } }"""
        );

    private static byte[] Numbered(Call call)
    {
        var request = call.Copy();
        call.Fill(request, Load.NextNumber());
        return request;
    }

    /// <summary>
    /// Subscribes a queue of the bench's own to the stack's topic, instead of the one before: it gets the messages as they are, without
    /// SNS's signed envelope, and is empty, because to count a full one takes as long as it is full.
    /// </summary>
    private async Task FreshQueue()
    {
        await WithoutQueue().ConfigureAwait(false);
        var name = $"bench-deliveries-{Guid.NewGuid():N}";
        queue = (await Ask("CreateQueue", $$"""{"QueueName":"{{name}}"}""").ConfigureAwait(false)).GetProperty("QueueUrl").GetString()!;
        var policy =
            $$$"""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}""";
        await Ask("SetQueueAttributes", $$$"""{"QueueUrl":"{{{queue}}}","Attributes":{"Policy":"{{{policy}}}"}}""").ConfigureAwait(false);
        var subscribed = await Bench
            .Send(
                server,
                Call.Query(
                    host,
                    "sns",
                    $"Action=Subscribe&Version=2010-03-31&TopicArn={topic}&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{account}:{name}&Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true"
                ),
                cancellation
            )
            .ConfigureAwait(false);
        subscription = Between(subscribed, "<SubscriptionArn>", "</SubscriptionArn>");
    }

    private async Task<int> Delivered() =>
        int.Parse(
            (
                await Ask("GetQueueAttributes", $$"""{"QueueUrl":"{{queue}}","AttributeNames":["ApproximateNumberOfMessages"]}""")
                    .ConfigureAwait(false)
            )
                .GetProperty("Attributes")
                .GetProperty("ApproximateNumberOfMessages")
                .GetString()!,
            CultureInfo.InvariantCulture
        );

    private Task<JsonElement> Ask(string operation, string body) =>
        Bench.Ask(asking, Call.Json(host, "sqs", "1.0", $"AmazonSQS.{operation}", body), cancellation);

    /// <summary>How many of these messages are.</summary>
    public async Task<int> Successful(IEnumerable<int> numbers)
    {
        var keys = string.Join(
            ",",
            numbers.Select(number => $$$"""{"sequenceNo":{"S":"m-{{{number.ToString("D8", CultureInfo.InvariantCulture)}}}"}}""")
        );
        var answer = await Bench
            .Ask(
                asking,
                Call.Dynamo(
                    host,
                    "BatchGetItem",
                    $$$"""{"RequestItems":{"{{{table}}}":{"Keys":[{{{keys}}}],"ConsistentRead":true,"ProjectionExpression":"sendStatus"} } }"""
                ),
                cancellation
            )
            .ConfigureAwait(false);
        return answer
            .GetProperty("Responses")
            .GetProperty(table)
            .EnumerateArray()
            .Count(item => item.TryGetProperty("sendStatus", out var status) && status.GetProperty("S").GetString() == "Successful");
    }

    private async Task<string> LastMail(HttpConnection connection)
    {
        var last = "0";
        while (true)
        {
            await connection.Send(Call.Rest(host, "disa", "GET", $"/_disa/inbox?after={last}").Copy(), cancellation).ConfigureAwait(false);
            if (
                JsonElement.Parse(connection.Body.Span).GetProperty("mails").EnumerateArray().LastOrDefault()
                is not { ValueKind: JsonValueKind.Object } mail
            )
            {
                return last;
            }

            last = mail.GetProperty("id").GetString()!;
        }
    }

    private static string Output(string stacks, string key) =>
        Between(stacks[stacks.IndexOf($"<OutputKey>{key}</OutputKey>", StringComparison.Ordinal)..], "<OutputValue>", "</OutputValue>");

    private static string Between(string text, string start, string end)
    {
        var at = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[at..text.IndexOf(end, at, StringComparison.Ordinal)];
    }
}
