using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Disa.Bench;

/// <summary>The deployed dispatcher as its users reach it: a table to put items in, a queue and a mailbox where messages arrive.</summary>
internal sealed class Stack
{
    private readonly IPEndPoint server;
    private readonly string host;
    private readonly CancellationToken cancellation;
    private readonly string table;
    private readonly string topic;
    private readonly Call count;

    private Stack(IPEndPoint server, string table, string topic, string queue, CancellationToken cancellation)
    {
        (this.server, this.table, this.topic, this.cancellation) = (server, table, topic, cancellation);
        host = server.ToString();
        count = Call.Json(host, "sqs", "1.0", "AmazonSQS.GetQueueAttributes", $$"""{"QueueUrl":"{{queue}}","AttributeNames":["ApproximateNumberOfMessages"]}""");
    }

    /// <summary>Subscribes a queue of the bench's own to the stack's topic; it gets the message as it is, without SNS's signed envelope.</summary>
    public static async Task<Stack> Of(IPEndPoint server, CancellationToken cancellation)
    {
        var host = server.ToString();
        var answer = await Bench.Send(server, Call.Query(host, "cloudformation", "Action=DescribeStacks&Version=2010-05-15&StackName=disa"), cancellation).ConfigureAwait(false);
        var (table, topic) = (Output(answer, "TableName"), Output(answer, "TopicArn"));
        var queue = (await Bench.Ask(server, Call.Json(host, "sqs", "1.0", "AmazonSQS.CreateQueue", """{"QueueName":"bench-deliveries"}"""), cancellation).ConfigureAwait(false)).GetProperty("QueueUrl").GetString()!;
        var account = queue.Split('/')[^2];
        var policy = $$$"""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}""";
        await Bench.Ask(server, Call.Json(host, "sqs", "1.0", "AmazonSQS.SetQueueAttributes", $$$"""{"QueueUrl":"{{{queue}}}","Attributes":{"Policy":"{{{policy}}}"}}"""), cancellation).ConfigureAwait(false);
        await Bench.Send(server, Call.Query(host, "sns", $"Action=Subscribe&Version=2010-03-31&TopicArn={topic}&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{account}:bench-deliveries&Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true"), cancellation).ConfigureAwait(false);
        return new Stack(server, table, topic, queue, cancellation);
    }

    /// <summary>Takes the mail's address off the topic: SNS sends ten mails a second, and a burst is not about those.</summary>
    public async Task WithoutMail()
    {
        var answer = await Bench.Send(server, Call.Query(host, "sns", $"Action=ListSubscriptionsByTopic&Version=2010-03-31&TopicArn={topic}"), cancellation).ConfigureAwait(false);
        foreach (var member in answer.Split("<member>").Where(part => part.Contains("<Protocol>email</Protocol>", StringComparison.Ordinal)))
        {
            await Bench.Send(server, Call.Query(host, "sns", $"Action=Unsubscribe&Version=2010-03-31&SubscriptionArn={Between(member, "<SubscriptionArn>", "</SubscriptionArn>")}"), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Puts so many items, and waits until all of their messages are in the queue and all of the items say Successful.</summary>
    /// <returns>Messages a second, from the first PutItem on.</returns>
    public async Task<double> Burst(int messages, int connections)
    {
        var before = await Delivered().ConfigureAwait(false);
        var first = Load.NextNumber() + 1;
        var started = Stopwatch.GetTimestamp();
        var load = Load.Times(messages, server, connections, Put(), cancellation);
        while (await Delivered().ConfigureAwait(false) < before + messages)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, cancellation).ConfigureAwait(false);
            if (load.IsFaulted || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(10))
            {
                await load.ConfigureAwait(false);
                throw new TimeoutException($"{await Delivered().ConfigureAwait(false) - before} of {messages} messages were delivered in ten minutes.");
            }
        }

        // Published is recorded after it is published: the last items say so some milliseconds later.
        await load.ConfigureAwait(false);
        foreach (var hundred in Enumerable.Range(first, messages).Chunk(100))
        {
            while (await Successful(hundred).ConfigureAwait(false) < hundred.Length)
            {
            }
        }

        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
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
            var wait = mailbox.Send(Call.Rest(host, "disa", "GET", $"/_disa/inbox?wait=30&limit=1&after={after}").Copy(), cancellation).AsTask();
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
        var writes = string.Join(",", Enumerable.Range(0, 25).Select(at =>
            $$$"""{"PutRequest":{"Item":{"sequenceNo":{"S":"old-########-{{{at}}}"},"text":{"S":"Hello, this is a message of some sixty bytes, sent long ago."},"sendStatus":{"S":"Successful"},"sendAttempts":{"N":"1"},"sendMessageId":{"S":"0b5b7a5e-4c0b-4b7e-9f5b-2f6d3d8e6a11"} } } }"""));
        await Load.Times(items / 25, server, 8, Call.Dynamo(host, "BatchWriteItem", $$$"""{"RequestItems":{"{{{table}}}":[{{{writes}}}]}}"""), cancellation).ConfigureAwait(false);
    }

    private Call Put() => Call.Dynamo(host, "PutItem", $$$"""{"TableName":"{{{table}}}","Item":{"sequenceNo":{"S":"m-########"},"message":{"S":"Hello, this is message ########, of some sixty bytes, to be sent."} } }""");

    private static byte[] Numbered(Call call)
    {
        var request = call.Copy();
        call.Fill(request, Load.NextNumber());
        return request;
    }

    private async Task<int> Delivered() => int.Parse(
        (await Bench.Ask(server, count, cancellation).ConfigureAwait(false)).GetProperty("Attributes").GetProperty("ApproximateNumberOfMessages").GetString()!, CultureInfo.InvariantCulture);

    private async Task<int> Successful(IEnumerable<int> numbers)
    {
        var keys = string.Join(",", numbers.Select(number => $$$"""{"sequenceNo":{"S":"m-{{{number.ToString("D8", CultureInfo.InvariantCulture)}}}"}}"""));
        var answer = await Bench.Ask(server, Call.Dynamo(host, "BatchGetItem",
            $$$"""{"RequestItems":{"{{{table}}}":{"Keys":[{{{keys}}}],"ConsistentRead":true,"ProjectionExpression":"sendStatus"} } }"""), cancellation).ConfigureAwait(false);
        return answer.GetProperty("Responses").GetProperty(table).EnumerateArray().Count(item => item.TryGetProperty("sendStatus", out var status) && status.GetProperty("S").GetString() == "Successful");
    }

    private async Task<string> LastMail(HttpConnection connection)
    {
        var last = "0";
        while (true)
        {
            await connection.Send(Call.Rest(host, "disa", "GET", $"/_disa/inbox?after={last}").Copy(), cancellation).ConfigureAwait(false);
            if (JsonElement.Parse(connection.Body.Span).GetProperty("mails").EnumerateArray().LastOrDefault() is not { ValueKind: JsonValueKind.Object } mail)
            {
                return last;
            }

            last = mail.GetProperty("id").GetString()!;
        }
    }

    private static string Output(string stacks, string key) => Between(stacks[stacks.IndexOf($"<OutputKey>{key}</OutputKey>", StringComparison.Ordinal)..], "<OutputValue>", "</OutputValue>");

    private static string Between(string text, string start, string end)
    {
        var at = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[at..text.IndexOf(end, at, StringComparison.Ordinal)];
    }
}
