resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  body = jsonencode({ # expect: duplicate-policy-source medium at body
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths   = {}
    x-amazon-apigateway-policy = {
      Version = "2012-10-17"
      Statement = [{
        Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "execute-api:Invoke"
        Resource = "execute-api:/*"
      }]
    }
  })
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_rest_api.orders.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

data "aws_iam_policy_document" "a" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}

resource "aws_api_gateway_rest_api_policy" "a" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  policy      = data.aws_iam_policy_document.a.json
}
